package io.spillway.retry;

import io.spillway.time.TimeSource;
import org.slf4j.Logger;

/**
 * Warns of something that strangers can cause as often as they like: at once, and then no more than
 * once in a while, with how often it has happened meanwhile.
 */
public final class RateLimitedLog {
  private static final long EVERY_MS = 10_000;

  private final Logger log;
  private final TimeSource time;
  private boolean warned;
  private long warnedMs;
  private int unsaid;

  public RateLimitedLog(Logger log) {
    this(log, TimeSource.SYSTEM);
  }

  /** By this clock. */
  public RateLimitedLog(Logger log, TimeSource time) {
    this.log = log;
    this.time = time;
  }

  /** It has happened again. */
  public void warn(String text) {
    long nowMs = time.monotonicMs();
    if (warned && nowMs - warnedMs < EVERY_MS) {
      unsaid++;
      return;
    }
    warned = true;
    warnedMs = nowMs;
    log.warn("{}{}", text, unsaid == 0 ? "" : " (and " + unsaid + " times more before)");
    unsaid = 0;
  }
}
