package io.spillway.sink;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Halves a batch that the database has refused, until those records are alone for which it has: all
 * others are written, and these become dead letters. Piece after piece, in the order of the
 * journal.
 */
final class Division {
  private static final long NOWHERE = -1;

  private final Deque<SinkBatch> pieces = new ArrayDeque<>();
  private String refusal;

  /** The record that was kept last: not again, if the step behind it could not be written. */
  private long keptAt = NOWHERE;

  /** A batch was refused. */
  void begin(SinkBatch batch, Destination.Refused why) {
    pieces.clear();
    pieces.push(batch);
    refused(why);
  }

  /** The next piece; null if all are settled. */
  SinkBatch next() {
    return pieces.peek();
  }

  /** Why the next piece, a single record, becomes a dead letter; null: it is to be written. */
  String refusal() {
    return refusal;
  }

  /** Whether the next piece only moves the position over a dead letter. */
  boolean isPassing() {
    return !pieces.isEmpty() && pieces.peek().lines().isEmpty();
  }

  /** The next piece is in the database. */
  void written() {
    pieces.remove();
  }

  /** The next piece, which has a record at least, was refused. */
  void refused(Destination.Refused why) {
    SinkBatch batch = pieces.remove();
    int count = batch.lines().count();
    refusal = null;
    if (count > 1) {
      pieces.push(batch.skip(count / 2));
      pieces.push(batch.limit(count / 2));
    } else if (batch.first() == keptAt) {
      pieces.push(batch.passed());
    } else {
      pieces.push(batch);
      refusal = why.getMessage();
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
