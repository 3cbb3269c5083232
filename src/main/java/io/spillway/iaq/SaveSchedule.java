package io.spillway.iaq;

import java.time.Duration;

/**
 * When what is known is saved: only after something has been looked at, not too often, and such
 * that saving takes at most a twentieth of the time. Times are milliseconds of the monotonic clock.
 */
final class SaveSchedule {
  private static final int REST_PER_SAVE = 20;

  private final long everyMs;
  private long savedPosition;
  private long notBeforeMs = Long.MIN_VALUE;

  SaveSchedule(Duration every) {
    everyMs = every.toMillis();
  }

  boolean isDue(long position, long nowMs) {
    return position > savedPosition && nowMs >= notBeforeMs;
  }

  /** What was known at this position is on disk. */
  void saved(long position) {
    savedPosition = position;
  }

  /** Saving, whether it succeeded or not, took until now. */
  void ended(long begunMs, long nowMs) {
    notBeforeMs = nowMs + Math.max(everyMs, REST_PER_SAVE * (nowMs - begunMs));
  }
}
