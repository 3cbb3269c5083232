package io.spillway.sink;

import io.spillway.bus.Records;
import io.spillway.bus.StoredBatch;
import io.spillway.config.SinkConfig;
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
    WAITING, // for the moment of the next attempt to open
    OPENING, // asks the journal and the database where they are; a migration may take an hour
    WRITING, // reads the journal and writes to the database
    SETTLING, // something has failed: first the outcome of all that is under way
    DIVIDING, // halves a batch that was refused
    CLOSING // lets go of the connection
  }

  private record Failure(SinkBatch batch, Throwable why) {} // no batch: of something else

  private static final SinkStep.Wait FOR_NEWS = new SinkStep.Wait(ReadSchedule.LOOK_EVERY_MS);

  private final int inFlightMax;
  private final Retry retry;
  private final JournalRange range = new JournalRange();
  private final ReadSchedule schedule;
  private final ReadAhead readAhead;
  private final Division division = new Division();

  private State state = State.WAITING;

  /** Where the database stands: everything below is settled. */
  private long position;

  /** Steps on the database whose outcome is not known yet. */
  private int underWay;

  private Failure failure; // the first in the journal: what was behind did not find its place
  private boolean stopping;

  /**
   * @param inFlightMax how many batches may be on their way at a time
   * @param nowMs the first attempt to open is made then
   */
  SinkProgress(SinkConfig config, int inFlightMax, Backoff backoff, long nowMs) {
    this.inFlightMax = inFlightMax;
    retry = new Retry(backoff, nowMs);
    schedule = new ReadSchedule(config);
    readAhead = new ReadAhead(config, range, schedule);
  }

  // --- what is to be done

  /** The next step, which is taken for begun. To be asked after every event, until it is a wait. */
  SinkStep next(long nowMs) {
    if (stopping && !isPassing()) {
      return FOR_NEWS;
    }
    return switch (state) {
      case WAITING -> retry.inMs(nowMs) > 0 ? new SinkStep.Wait(retry.inMs(nowMs)) : open();
      case WRITING -> readOrWrite(nowMs);
      case SETTLING -> underWay > 0 ? FOR_NEWS : settle(nowMs);
      case DIVIDING -> underWay > 0 ? FOR_NEWS : divide(nowMs);
      case OPENING, CLOSING -> FOR_NEWS;
    };
  }

  private SinkStep open() {
    state = State.OPENING;
    return new SinkStep.Open();
  }

  private SinkStep readOrWrite(long nowMs) {
    SinkBatch batch = readAhead.take();
    if (batch != null) {
      underWay++;
      return new SinkStep.Write(batch);
    }
    if (readAhead.isReading() || underWay >= (isThrottled(nowMs) ? 1 : inFlightMax)) {
      return FOR_NEWS;
    }
    long inMs = schedule.readInMs(nowMs, readAhead.unread());
    if (inMs > 0) {
      return new SinkStep.Wait(inMs);
    }
    if (underWay == 0) {
      schedule.busy(nowMs);
    }
    return readAhead.begin();
  }

  private SinkStep settle(long nowMs) {
    Failure first = failure;
    failure = null;
    if (first.batch() != null && first.why() instanceof Destination.Refused refused) {
      state = State.DIVIDING;
      division.begin(first.batch(), refused);
      return divide(nowMs);
    }
    state = State.CLOSING;
    return new SinkStep.Close(first.why());
  }

  private SinkStep divide(long nowMs) {
    SinkStep step = division.next();
    if (step == null) {
      goOn(position, position, nowMs);
      return readOrWrite(nowMs);
    }
    if (step instanceof SinkStep.Close) {
      state = State.CLOSING;
    } else {
      underWay++;
    }
    return step;
  }

  private void goOn(long from, long readFrom, long nowMs) {
    readAhead.goOn(from, readFrom);
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
      retry.worked();
    }
    goOn(next, next > range.end() ? range.oldest() : Math.max(next, 1), nowMs);
  }

  /**
   * The journal was read.
   *
   * @return how many records retention has deleted before they could be read
   */
  long read(SinkStep.Read asked, Records answer, long nowMs) {
    range.heard(answer, nowMs);
    return readAhead.read(asked, answer, nowMs);
  }

  /** The journal could not be read. */
  void unread(SinkStep.Read asked, long nowMs) {
    readAhead.unread(asked, nowMs);
  }

  /** A batch is in the database, and the database has moved its position. */
  void written(SinkBatch batch, long nowMs) {
    underWay--;
    retry.worked();
    division.taken(batch);
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

  /** The record that was tried out would be taken, or has nothing that could be refused. */
  void triedOut(boolean taken) {
    underWay--;
    division.triedOut(taken);
  }

  /** A batch could not be written, its record not be kept, or would not be taken. */
  void failed(SinkBatch batch, Throwable why) {
    underWay--;
    boolean some = !batch.lines().isEmpty();
    if (state == State.DIVIDING && some && why instanceof Destination.Refused refused) {
      division.refused(refused);
    } else {
      fail(state == State.DIVIDING ? null : batch, why);
    }
  }

  /** The journal or the database does not say where it is. */
  void failed(Throwable why) {
    fail(null, why);
  }

  private void fail(SinkBatch batch, Throwable why) {
    if (failure == null || batch.first() < failure.batch().first()) {
      failure = new Failure(batch, why);
    }
    state = State.SETTLING;
    readAhead.forget();
  }

  /** The connection is let go of. */
  void closed(long nowMs) {
    division.end();
    state = State.WAITING;
    retry.failed(nowMs);
  }

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
    return retry.isAgain();
  }

  private boolean isThrottled(long nowMs) {
    return schedule.isThrottled(behind(), range.sinceStoredMs(nowMs));
  }
}
