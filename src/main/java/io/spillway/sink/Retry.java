package io.spillway.sink;

import io.spillway.retry.Backoff;

/** When the next attempt is made. Times are milliseconds of the monotonic clock. */
final class Retry {
  private final Backoff backoff;
  private long atMs;

  /** How many attempts have failed since something worked. */
  private int failed;

  Retry(Backoff backoff, long firstAtMs) {
    this.backoff = backoff;
    atMs = firstAtMs;
  }

  /** How long until the next attempt; 0 for now. */
  long inMs(long nowMs) {
    return Math.max(0, atMs - nowMs);
  }

  /** The next attempt is one after a failure. */
  boolean isAgain() {
    return failed > 0;
  }

  void failed(long nowMs) {
    atMs = nowMs + backoff.before(failed++).toMillis();
  }

  void worked() {
    failed = 0;
  }
}
