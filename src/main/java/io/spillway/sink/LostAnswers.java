package io.spillway.sink;

import io.spillway.sink.Destination.Refused;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeoutException;

/**
 * Batches that are in the database and were not told of: what became of their records is asked for,
 * the oldest first. What takes too long is asked for by halves. One that is asked for again and
 * again in vain is given up: the position has moved over it, and those behind it wait.
 */
final class LostAnswers {
  /** Enough to come from the largest batch down to one record, and to wait for a lock besides. */
  static final int FAILURES_MAX = 32;

  private final Deque<SinkStep.Recall> lost = new ArrayDeque<>();

  /** How many records at a time may be looked at in time, of the first. */
  private long atMost = Long.MAX_VALUE;

  /** Questions for the first that were not answered. */
  private int failures;

  void add(long first, long next) {
    if (first < next) {
      lost.add(new SinkStep.Recall(first, next, true));
    }
  }

  void clear() {
    lost.clear();
    begin();
  }

  private void begin() {
    atMost = Long.MAX_VALUE;
    failures = 0;
  }

  /** What is to be asked for next; null for nothing. */
  SinkStep.Recall next() {
    SinkStep.Recall whole = lost.peek();
    if (whole == null || failures >= FAILURES_MAX) {
      return whole == null ? null : new SinkStep.Recall(whole.first(), whole.next(), false);
    }
    long some = Math.min(whole.next() - whole.first(), atMost);
    return new SinkStep.Recall(whole.first(), whole.first() + some, true);
  }

  /** It is known what became of the first ones, up to there, or never will be. */
  void known(long upTo) {
    SinkStep.Recall whole = lost.remove();
    if (upTo < whole.next()) {
      lost.push(new SinkStep.Recall(upTo, whole.next(), true));
    } else {
      begin();
    }
  }

  /**
   * What was to be asked for next was not answered.
   *
   * @return whether less of it can be asked for at once, on the same connection
   */
  boolean failed(Throwable why) {
    SinkStep.Recall asked = next();
    long count = asked.next() - asked.first();
    failures++;
    boolean isOfSize = why instanceof Refused refused && refused.isOfSize();
    if (isOfSize || why instanceof TimeoutException) {
      atMost = Math.max(1, count / 2);
    }
    return isOfSize && count > 1;
  }
}
