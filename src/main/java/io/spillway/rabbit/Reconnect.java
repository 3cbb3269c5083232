package io.spillway.rabbit;

import io.spillway.retry.Backoff;

/**
 * How long to wait before the next connection: longer after each that failed, and not after one
 * that was good. Times are milliseconds of the monotonic clock.
 */
final class Reconnect {
  /** A connection that held for longer was a good one: the next is tried soon. */
  private static final long HELD_MS = 5_000;

  private final Backoff backoff;
  private boolean up;
  private long upSinceMs;
  private int attempt;

  Reconnect(Backoff backoff) {
    this.backoff = backoff;
  }

  /** Whether there is a connection. */
  boolean isUp() {
    return up;
  }

  /** There is a connection. */
  void up(long nowMs) {
    up = true;
    upSinceMs = nowMs;
  }

  /** There is none any more, or none came about; gives the wait before the next attempt. */
  long down(long nowMs) {
    if (up && nowMs - upSinceMs > HELD_MS) {
      attempt = 0;
    }
    up = false;
    return Math.max(1, backoff.before(attempt++).toMillis());
  }

  /** The settings are others: what failed before does not count. */
  void begin() {
    attempt = 0;
  }
}
