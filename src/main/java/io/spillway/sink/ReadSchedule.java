package io.spillway.sink;

import io.spillway.config.SinkConfig;

/**
 * When a sink reads on: at once when a whole batch waits, after a while when less does, and after a
 * rest when catching up takes more than its share of the time. All times are of the monotonic
 * clock.
 */
final class ReadSchedule {
  /** Reads even if nothing was heard of: what is published may be lost. */
  static final long LOOK_EVERY_MS = 1_000;

  private static final int CATCHING_UP_BATCHES = 4;

  private final int batchRecords;
  private final long lingerMs;
  private final Throttle throttle;
  private long readAtMs;
  private long restUntilMs;
  private long busySinceMs;

  ReadSchedule(SinkConfig config) {
    batchRecords = config.batchRecords();
    lingerMs = Math.max(1, config.linger().toMillis());
    throttle = new Throttle(config.catchUpPercent(), (long) CATCHING_UP_BATCHES * batchRecords);
  }

  /**
   * How long to rest after a write, so that catching up leaves the machine to those who are
   * sending: none while nobody sends or hardly anything waits; otherwise as long as keeps the share
   * of time.
   */
  record Throttle(int percent, long behindMin) {
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

  /** Reads as soon as it may, and rests no longer. */
  void atOnce(long nowMs) {
    readAtMs = nowMs;
    restUntilMs = nowMs;
  }

  /** Whether one batch after the other is written, with a rest between. */
  boolean isThrottled(long behind, long sinceStoredMs) {
    return throttle.applies(behind, sinceStoredMs);
  }

  /**
   * How long until the next read, 0 for now.
   *
   * @param unread how many records are known of and not read
   */
  long readInMs(long nowMs, long unread) {
    if (nowMs < restUntilMs) {
      return restUntilMs - nowMs;
    }
    if (unread >= batchRecords) {
      return 0;
    }
    if (unread > 0) {
      readAtMs = Math.min(readAtMs, nowMs + lingerMs);
    }
    return Math.max(0, readAtMs - nowMs);
  }

  /** It begins to read while nothing is being written: from here on it is busy. */
  void busy(long nowMs) {
    busySinceMs = nowMs;
  }

  /** A read is done; if it brought a full batch, there may be more at once. */
  void read(boolean full, long nowMs) {
    readAtMs = full ? nowMs : nowMs + LOOK_EVERY_MS;
  }

  /** The journal could not be read: not again before a look would be due. */
  void unread(long nowMs) {
    restUntilMs = nowMs + LOOK_EVERY_MS;
  }

  /** A write is done. */
  void written(boolean throttled, long nowMs) {
    if (throttled) {
      restUntilMs = nowMs + throttle.restMs(nowMs - busySinceMs);
    }
  }
}
