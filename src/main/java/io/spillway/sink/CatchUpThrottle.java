package io.spillway.sink;

/**
 * How long to rest after a write, so that catching up leaves the machine to those who are sending:
 * none while nobody sends or hardly anything waits; otherwise as long as keeps the share of time.
 */
record CatchUpThrottle(int percent, long behindMin) {
  /** Nobody sends if nothing was stored for so long. */
  private static final long QUIET_AFTER_MS = 1_000;

  /** Whether it is behind, and records come in. */
  boolean applies(long behind, long sinceStoredMs) {
    return percent < 100 && behind >= behindMin && sinceStoredMs < QUIET_AFTER_MS;
  }

  /** The rest in milliseconds after a write that took {@code busyMs}. */
  long restMs(long busyMs) {
    return Math.max(1, busyMs * (100 - percent) / percent);
  }
}
