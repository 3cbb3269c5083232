package io.spillway.sink;

import io.spillway.sink.Destination.Refused;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Halves a batch that the database has refused, until those records are alone for which it has: all
 * others are written, and these become dead letters. Piece after piece, in the order of the
 * journal.
 *
 * <p>Something there may refuse every record: a constraint that somebody has made, a right that was
 * taken away. A record is at fault only if another one would be taken, and it is refused still. If
 * none would be, nothing becomes a dead letter: the destination has to be mended.
 */
final class Division {
  private static final long NOWHERE = -1;

  private final Deque<SinkBatch> pieces = new ArrayDeque<>();
  private final Trial trial = new Trial();
  private SinkBatch whole;

  /** How many records at a time may be taken, of this batch: more were refused for their number. */
  private int atMost;

  /** Why the next piece, a single record, was refused; null: it is to be written. */
  private Refused refusal;

  /** The record than which another one would be taken: if it is refused still, it is at fault. */
  private long suspectAt = NOWHERE;

  /** The record that was kept last: not again, if the step behind it could not be written. */
  private long keptAt = NOWHERE;

  /** A batch was refused. */
  void begin(SinkBatch batch, Refused why) {
    pieces.clear();
    pieces.push(batch);
    whole = batch;
    atMost = Integer.MAX_VALUE;
    suspectAt = NOWHERE;
    divide(why);
  }

  /** All are settled, or will be read again: the records can be let go of. */
  void end() {
    pieces.clear();
    whole = null;
    refusal = null;
    trial.end();
  }

  /** What is to be done on the database or with the dead letters; null if all are settled. */
  SinkStep next() {
    SinkBatch piece = pieces.peek();
    if (piece == null) {
      end();
      return null;
    }
    if (refusal == null) {
      return new SinkStep.Write(limited(piece));
    }
    if (refusal.isOfSize()) {
      return new SinkStep.Close(refusal); // which is no fault of the record's
    }
    if (!isDoubtful()) {
      return new SinkStep.Keep(piece, refusal.getMessage());
    }
    SinkBatch other = trial.next();
    return other == null ? new SinkStep.Close(refusal) : new SinkStep.Try(other);
  }

  private SinkBatch limited(SinkBatch piece) {
    if (piece.lines().count() <= atMost) {
      return piece;
    }
    pieces.remove();
    pieces.push(piece.skip(atMost));
    pieces.push(piece.limit(atMost));
    return pieces.element();
  }

  /** Whether the next piece only moves the position over a dead letter. */
  boolean isPassing() {
    return !pieces.isEmpty() && pieces.peek().lines().isEmpty();
  }

  /** The next piece is in the database. */
  void written() {
    pieces.remove();
  }

  /** The database has taken these, in pieces or not. */
  void taken(SinkBatch records) {
    trial.written(records);
  }

  /** What was written, which has a record at least, or tried out was refused. */
  void refused(Refused why) {
    if (isDoubtful() && why.cure() == null) {
      trial.empty(); // it is refused for what is in it, which says nothing of others
    } else if (isDoubtful()) {
      trial.refused();
    } else {
      divide(why);
    }
  }

  /** Whether it is not known if the record or the destination is at fault. */
  private boolean isDoubtful() {
    return refusal != null && refusal.cure() != null && pieces.element().first() != suspectAt;
  }

  private void divide(Refused why) {
    SinkBatch batch = pieces.remove();
    int count = batch.lines().count();
    refusal = null;
    if (why.isOfSize()) {
      atMost = Math.max(1, count / 2);
    }
    if (count > 1) {
      pieces.push(batch.skip(count / 2));
      pieces.push(batch.limit(count / 2));
    } else if (batch.first() == keptAt) {
      pieces.push(batch.passed());
    } else {
      pieces.push(batch);
      refusal = why;
      trial.begin(batch, whole);
    }
  }

  /**
   * The record that was tried out would be taken; perhaps the destination is mended meanwhile. Or
   * it says nothing.
   */
  void triedOut(boolean taken) {
    if (taken) {
      suspectAt = pieces.element().first();
      refusal = null;
    } else {
      trial.empty();
    }
  }

  /** The next piece is with the dead letters, on disk. */
  void kept() {
    SinkBatch record = pieces.remove();
    keptAt = record.first();
    refusal = null;
    pieces.push(record.passed());
  }
}
