package io.spillway.sink;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * How long the oldest record that is not yet written has been waiting. Remembers when the journal
 * had grown how far, a few hundred times at most: after hours the answer gets coarser.
 */
final class Lag {
  private static final int SAMPLES_MAX = 600;

  /**
   * @param end the journal reached at least this offset
   * @param atMs at this time
   */
  private record Sample(long end, long atMs) {}

  private static final long INTERVAL_MS = 100;

  private final Deque<Sample> samples = new ArrayDeque<>();
  private long intervalMs = INTERVAL_MS;

  /** The journal has grown to {@code end}. */
  void stored(long end, long nowMs) {
    Sample last = samples.peekLast();
    if (last != null && (end <= last.end || nowMs - last.atMs < intervalMs)) {
      return;
    }
    if (samples.size() == SAMPLES_MAX) {
      thinOut();
    }
    samples.add(new Sample(end, nowMs));
  }

  /** Everything below {@code next} is written. */
  void written(long next) {
    while (!samples.isEmpty() && samples.peekFirst().end <= next) {
      samples.removeFirst();
    }
    intervalMs = samples.isEmpty() ? INTERVAL_MS : intervalMs;
  }

  /** Milliseconds; 0 if nothing waits that has been told of. */
  long ms(long nowMs) {
    return samples.isEmpty() ? 0 : Math.max(0, nowMs - samples.peekFirst().atMs);
  }

  /** Drops every second one, but not the first, which is the one that counts. */
  private void thinOut() {
    intervalMs *= 2;
    boolean drop = false;
    for (Iterator<Sample> all = samples.iterator(); all.hasNext(); drop = !drop) {
      all.next();
      if (drop) {
        all.remove();
      }
    }
  }
}
