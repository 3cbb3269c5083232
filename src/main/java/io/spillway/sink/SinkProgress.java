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
 * only by a batch that begins there and was written. Of one without an answer it is asked.
 *
 * <p>All times are milliseconds of the monotonic clock.
 */
final class SinkProgress {
  private static final SinkStep.Wait FOR_NEWS = new SinkStep.Wait(ReadSchedule.LOOK_EVERY_MS);

  private final int inFlightMax;
  private final Retry retry;
  private final JournalRange range = new JournalRange();
  private final ReadSchedule schedule;
  private final ReadAhead readAhead;
  private final Division division = new Division();
  private final Standing standing = new Standing();

  private SinkState state = SinkState.WAITING;

  /** Steps on the database whose outcome is not known yet. */
  private int underWay;

  private final FirstFailure failure = new FirstFailure();
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
    if (stopping && !division.isPassing()) {
      return FOR_NEWS;
    }
    return switch (state) {
      case WAITING -> retry.inMs(nowMs) > 0 ? new SinkStep.Wait(retry.inMs(nowMs)) : open();
      case WRITING ->
          underWay > 0 && standing.lost().next() != null ? FOR_NEWS : readOrWrite(nowMs);
      case SETTLING -> underWay > 0 ? FOR_NEWS : settle(nowMs);
      case DIVIDING -> underWay > 0 ? FOR_NEWS : divide(nowMs);
      case OPENING, CLOSING -> FOR_NEWS;
    };
  }

  private SinkStep open() {
    state = SinkState.OPENING;
    return new SinkStep.Open();
  }

  private SinkStep readOrWrite(long nowMs) {
    SinkStep.Recall lost = standing.lost().next();
    SinkBatch batch = lost == null ? readAhead.take() : null;
    if (lost != null || batch != null) {
      underWay++;
      return lost != null ? lost : new SinkStep.Write(batch);
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
    FirstFailure.Failure first = failure.take();
    if (first.batch() != null && first.why() instanceof Destination.Refused refused) {
      state = SinkState.DIVIDING;
      division.begin(first.batch(), refused);
      return divide(nowMs);
    }
    state = SinkState.CLOSING;
    return new SinkStep.Close(first.why());
  }

  private SinkStep divide(long nowMs) {
    SinkStep step = division.next();
    if (step == null) {
      goOn(position(), position(), nowMs);
      return readOrWrite(nowMs);
    }
    if (step instanceof SinkStep.Close) {
      state = SinkState.CLOSING;
    } else {
      underWay++;
    }
    return step;
  }

  private void goOn(long from, long readFrom, long nowMs) {
    readAhead.goOn(from, readFrom);
    state = SinkState.WRITING;
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
   * @return whether somebody else has moved it forward
   */
  boolean opened(long next, long nowMs) {
    if (stopping) {
      return false;
    }
    boolean jumped = standing.opened(range.journal(), next);
    range.settled(next);
    if (behind() == 0 && standing.lost().next() == null) {
      retry.worked();
    }
    goOn(next, next > range.end() ? range.oldest() : Math.max(next, 1), nowMs);
    return jumped;
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
    standing.written(batch);
    range.settled(position());
    if (state == SinkState.DIVIDING) {
      division.written();
    } else {
      schedule.written(isThrottled(nowMs), nowMs);
    }
  }

  /** A batch could not be written, or it is not known whether it was. */
  void unwritten(SinkBatch batch, Throwable why) {
    boolean isKnown = why instanceof Destination.Refused || why instanceof Destination.NotMoved;
    if (!isKnown) {
      standing.unanswered(batch);
    }
    failed(batch, why);
  }

  /** What became of those whose answer was lost is known, up to there. */
  void recalled(long upTo) {
    underWay--;
    retry.worked();
    standing.lost().known(upTo);
  }

  /** It is not known yet. */
  void unrecalled(Throwable why) {
    underWay--;
    if (!standing.lost().failed(why)) {
      fail(null, why);
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

  /** A batch was not written, its record could not be kept, or would not be taken. */
  void failed(SinkBatch batch, Throwable why) {
    underWay--;
    boolean some = !batch.lines().isEmpty();
    if (state == SinkState.DIVIDING && some && why instanceof Destination.Refused refused) {
      division.refused(refused);
    } else {
      fail(state == SinkState.DIVIDING ? null : batch, why);
    }
  }

  /** The journal or the database does not say where it is. */
  void failed(Throwable why) {
    fail(null, why);
  }

  private void fail(SinkBatch batch, Throwable why) {
    failure.add(batch, why);
    division.end();
    state = SinkState.SETTLING;
    readAhead.forget();
  }

  /** The connection is let go of. */
  void closed(long nowMs) {
    division.end();
    state = SinkState.WAITING;
    retry.failed(nowMs);
  }

  /** Begins nothing any more, but for what would have to be done twice if it were left undone. */
  void stop() {
    stopping = true;
  }

  /** Whether it has stopped, and nothing is left to wait for. */
  boolean isStopped() {
    return stopping && underWay == 0 && !division.isPassing();
  }

  SinkState state() {
    return state;
  }

  /** What the journal holds. */
  JournalRange range() {
    return range;
  }

  /** Everything below is settled. */
  long position() {
    return standing.position();
  }

  /** The same, and what became of batches whose answer was lost. */
  Standing standing() {
    return standing;
  }

  /** How many records are stored and not settled. */
  long behind() {
    return range.behind(position());
  }

  /** Whether an attempt has failed since something was written. */
  boolean isTryingAgain() {
    return retry.isAgain();
  }

  private boolean isThrottled(long nowMs) {
    return schedule.isThrottled(behind(), range.sinceStoredMs(nowMs));
  }
}
