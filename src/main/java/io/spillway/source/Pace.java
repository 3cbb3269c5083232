package io.spillway.source;

/**
 * How fast messages come, to decide whether waiting for more is worth it. Below the threshold every
 * message goes to the disk at once; above it, commits are shared.
 */
final class Pace {
  private static final double BUSY_PER_MS = 3;
  private static final double WINDOW_MS = 20;

  private double perMs;
  private long lastNanos;

  /** {@code count} messages have come. */
  void arrived(int count, long nowNanos) {
    double elapsedMs = Math.max(0.01, (nowNanos - lastNanos) / 1e6);
    lastNanos = nowNanos;
    double weight = Math.min(1, elapsedMs / WINDOW_MS);
    perMs += weight * (count / elapsedMs - perMs);
  }

  /** More than 3,000 a second. */
  boolean isBusy() {
    return perMs >= BUSY_PER_MS;
  }
}
