package io.spillway.sink;

import io.spillway.bus.Records;
import io.spillway.bus.StoredBatch;
import io.spillway.config.SinkConfig;
import io.spillway.message.Lines;
import io.spillway.retry.Backoff;

/**
 * How far a database has come in the journal, and what is to be done next. It knows no Vert.x, no
 * clock and no thread: {@link Sink} tells it what has happened, asks for the {@link #next} step,
 * and does that.
 *
 * <pre>
 *   WAITING ──────▶ OPENING ──────▶ WRITING ◀────── DIVIDING
 *      ▲               │ failed        │ failed       ▲   │ failed
 *      │               ▼               ▼              │   │
 *      │            SETTLING ◀─────────┘              │   │
 *      │               │  ├── a batch was refused ────┘   │
 *      └── CLOSING ◀───┘  ◀───────────────────────────────┘
 * </pre>
 *
 * <p>What it promises: a record is in the database or with the dead letters before the position
 * moves over it. The position is where the database says it stands when it is opened, and moves
 * only by a batch that begins there and was written.
 *
 * <p>All times are milliseconds of the monotonic clock.
 */
final class SinkProgress {
  /** What it does. */
  enum State {
    /** For the moment of the next attempt to open. */
    WAITING,
    /** Asks the journal and the database where they are; a migration may take an hour. */
    OPENING,
    /** Reads the journal and writes to the database. */
    WRITING,
    /** Something has failed: first the outcome of all that is under way. */
    SETTLING,
    /** Halves a batch that was refused. */
    DIVIDING,
    /** Lets go of the connection. */
    CLOSING
  }

  /** What is to be done next. */
  sealed interface Step {
    /** Ask where the journal and the database are; then {@link #opened} or {@link #failed}. */
    record Open() implements Step {}

    /** Read the journal from an offset; then {@link #read} or {@link #unread}. */
    record Read(long from) implements Step {}

    /** Write to the database, behind what is being written; {@link #written}, {@link #failed}. */
    record Write(SinkBatch batch) implements Step {}

    /** Keep the one record of a batch as a dead letter; then {@link #kept} or {@link #failed}. */
    record Keep(SinkBatch batch, String reason) implements Step {}

    /** Let go of the connection, which is no use because of {@code why}; then {@link #closed}. */
    record Close(Throwable why) implements Step {}

    /** Nothing until something happens, or for so long. */
    record Wait(long ms) implements Step {}
  }

  private static final Step.Wait FOR_NEWS = new Step.Wait(ReadSchedule.LOOK_EVERY_MS);

  /**
   * @param batch that has failed first; null if it was something else
   */
  private record Failure(SinkBatch batch, Throwable why) {
    /** Of several, the first in the journal counts: the others did not find their place. */
    Failure or(Failure other) {
      boolean before =
          other == null
              || (batch != null && other.batch != null && batch.first() < other.batch.first());
      return before ? this : other;
    }
  }

  /** When the next attempt is made. */
  private static final class Retry {
    private final Backoff backoff;
    private long atMs;

    /** How many have failed since something was written. */
    private int failed;

    Retry(Backoff backoff, long firstAtMs) {
      this.backoff = backoff;
      atMs = firstAtMs;
    }

    void failed(long nowMs) {
      atMs = nowMs + backoff.before(failed++).toMillis();
    }
  }

  private final SinkConfig config;
  private final int inFlightMax;
  private final Retry retry;
  private final JournalRange range = new JournalRange();
  private final ReadSchedule schedule;
  private final Division division = new Division();

  private State state = State.WAITING;

  /** Where the database stands, and where when all that is under way is written. */
  private long position;

  private long expected;
  private long readNext;
  private Step.Read reading;

  /** What was read and is to be written now; null for nothing. */
  private SinkBatch due;

  /** Steps on the database whose outcome is not known yet. */
  private int underWay;

  private Failure failure;

  private boolean stopping;

  /**
   * @param inFlightMax how many batches may be on their way at a time
   * @param nowMs the first attempt to open is made then
   */
  SinkProgress(SinkConfig config, int inFlightMax, Backoff backoff, long nowMs) {
    this.config = config;
    this.inFlightMax = inFlightMax;
    retry = new Retry(backoff, nowMs);
    schedule = new ReadSchedule(config);
  }

  // --- what is to be done

  /** The next step, which is taken for begun. To be asked after every event, until it is a wait. */
  Step next(long nowMs) {
    if (stopping && !isPassing()) {
      return FOR_NEWS;
    }
    return switch (state) {
      case WAITING -> nowMs < retry.atMs ? new Step.Wait(retry.atMs - nowMs) : open();
      case WRITING -> readOrWrite(nowMs);
      case SETTLING -> underWay > 0 ? FOR_NEWS : settle(nowMs);
      case DIVIDING -> underWay > 0 ? FOR_NEWS : divide(nowMs);
      case OPENING, CLOSING -> FOR_NEWS;
    };
  }

  private Step open() {
    state = State.OPENING;
    return new Step.Open();
  }

  private Step readOrWrite(long nowMs) {
    if (due != null) {
      SinkBatch batch = due;
      due = null;
      return write(batch);
    }
    if (reading != null || underWay >= (isThrottled(nowMs) ? 1 : inFlightMax)) {
      return FOR_NEWS;
    }
    long inMs = schedule.readInMs(nowMs, range.end() - readNext);
    if (inMs > 0) {
      return new Step.Wait(inMs);
    }
    if (underWay == 0) {
      schedule.busy(nowMs);
    }
    reading = new Step.Read(readNext);
    return reading;
  }

  private Step write(SinkBatch batch) {
    underWay++;
    return new Step.Write(batch);
  }

  /** What was sent behind a batch that failed has failed, too, as it did not find its place. */
  private Step settle(long nowMs) {
    Failure settled = failure;
    failure = null;
    if (settled.batch() != null && settled.why() instanceof Destination.Refused refused) {
      state = State.DIVIDING;
      division.begin(settled.batch(), refused);
      return divide(nowMs);
    }
    state = State.CLOSING;
    return new Step.Close(settled.why());
  }

  private Step divide(long nowMs) {
    SinkBatch piece = division.next();
    if (piece == null) {
      goOn(position, position, nowMs);
      return readOrWrite(nowMs);
    }
    if (division.refusal() == null) {
      return write(piece);
    }
    underWay++;
    return new Step.Keep(piece, division.refusal());
  }

  private void goOn(long from, long readFrom, long nowMs) {
    expected = from;
    readNext = readFrom;
    state = State.WRITING;
    schedule.atOnce(nowMs);
  }

  // --- what has happened

  /** The store has told where its journal begins and ends. */
  void located(Records answer, long nowMs) {
    range.heard(answer, nowMs);
  }

  /** The store has told of new records. */
  void stored(StoredBatch batch, long nowMs) {
    range.heard(batch, nowMs);
  }

  /**
   * The database is ready.
   *
   * @param next where it stands; 0 if it has nothing of this journal. If that is beyond the end of
   *     the journal, everything is read again.
   */
  void opened(long next, long nowMs) {
    if (stopping) {
      return;
    }
    position = next;
    range.settled(next);
    if (behind() == 0) {
      retry.failed = 0;
    }
    goOn(next, next > range.end() ? range.oldest() : Math.max(next, 1), nowMs);
  }

  /**
   * The journal was read. An answer that comes after the place to read on from has become another
   * is of no use: what lies between has not been written.
   *
   * @return how many records retention has deleted before they could be read
   */
  long read(Step.Read asked, Records answer, long nowMs) {
    range.heard(answer, nowMs);
    if (!asked.equals(reading)) {
      return 0;
    }
    reading = null;
    Lines lines = answer.lines();
    boolean full =
        lines.count() >= config.batchRecords() || lines.length() > config.batchBytes() / 2;
    schedule.read(full, nowMs);
    if (lines.isEmpty()) {
      if (answer.end() > asked.from()) {
        schedule.unread(nowMs);
      }
      return 0;
    }
    long missed = expected == 0 ? 0 : range.missed(readNext, answer.first());
    due = new SinkBatch(expected, answer.first(), lines);
    expected = due.next();
    readNext = due.next();
    return missed;
  }

  /** The journal could not be read. */
  void unread(Step.Read asked, long nowMs) {
    if (asked.equals(reading)) {
      reading = null;
      schedule.unread(nowMs);
    }
  }

  /** A batch is in the database, and the database has moved its position. */
  void written(SinkBatch batch, long nowMs) {
    underWay--;
    retry.failed = 0;
    if (batch.from() == position) { // else something before it has failed, and opening will tell
      position = batch.next();
      range.settled(position);
    }
    if (state == State.DIVIDING) {
      division.written();
    } else {
      schedule.written(isThrottled(nowMs), nowMs);
    }
  }

  /** The record of a batch is with the dead letters, on disk. */
  void kept() {
    underWay--;
    division.kept();
  }

  /** A batch could not be written, or its record not be kept. */
  void failed(SinkBatch batch, Throwable why) {
    underWay--;
    boolean refused = why instanceof Destination.Refused && !batch.lines().isEmpty();
    if (state == State.DIVIDING && refused) {
      division.refused((Destination.Refused) why);
    } else {
      fail(new Failure(state == State.DIVIDING ? null : batch, why));
    }
  }

  /** The journal or the database does not say where it is. */
  void failed(Throwable why) {
    fail(new Failure(null, why));
  }

  private void fail(Failure one) {
    failure = one.or(failure);
    state = State.SETTLING;
    reading = null;
    due = null;
  }

  /** The connection is let go of. */
  void closed(long nowMs) {
    state = State.WAITING;
    retry.failed(nowMs);
  }

  // --- the end

  /** Begins nothing any more, but for what would have to be done twice if it were left undone. */
  void stop() {
    stopping = true;
  }

  /** Whether it has stopped, and nothing is left to wait for. */
  boolean isStopped() {
    return stopping && underWay == 0 && !isPassing();
  }

  private boolean isPassing() {
    return state == State.DIVIDING && division.isPassing();
  }

  // --- how it is

  State state() {
    return state;
  }

  /** Whose offsets these are; null before the journal has answered. */
  String journal() {
    return range.journal();
  }

  /** Where the journal ends. */
  long end() {
    return range.end();
  }

  /** Everything below is settled. */
  long position() {
    return position;
  }

  /** How many records are stored and not settled. */
  long behind() {
    return range.behind(position);
  }

  /** How long the oldest of them has been waiting. */
  long lagMs(long nowMs) {
    return range.lagMs(nowMs);
  }

  /** Whether an attempt has failed since something was written. */
  boolean isTryingAgain() {
    return retry.failed > 0;
  }

  private boolean isThrottled(long nowMs) {
    return schedule.isThrottled(behind(), range.sinceStoredMs(nowMs));
  }
}
