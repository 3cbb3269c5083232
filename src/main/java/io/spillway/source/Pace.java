package io.spillway.source;

/**
 * How fast messages come, and so whether it is worth it to let some more gather before the socket
 * is read. Below the threshold every message goes to the disk at once; above it, commits are
 * shared.
 */
final class Pace {
  private static final double BUSY_PER_MS = 3;
  private static final double WINDOW_MS = 20;

  private double perMs;
  private long lastNanos;
  private int lastCount;
  private boolean stalled;

  /** A read has brought {@code count} messages. */
  void arrived(int count, long nowNanos) {
    double elapsedMs = Math.max(0.01, (nowNanos - lastNanos) / 1e6);
    lastNanos = nowNanos;
    double weight = Math.min(1, elapsedMs / WINDOW_MS);
    perMs += weight * (count / elapsedMs - perMs);
    stalled = count == lastCount;
    lastCount = count;
  }

  /**
   * More than 3,000 a second, and not the same number twice: that looks like a broker that waits
   * for acknowledgements because its window of unacknowledged messages is full.
   */
  boolean gathering() {
    return perMs >= BUSY_PER_MS && !stalled;
  }
}
