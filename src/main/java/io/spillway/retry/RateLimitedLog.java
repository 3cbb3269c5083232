package io.spillway.retry;

import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Warns of something that strangers can cause as often as they like: at once, and then no more than
 * once in a while, with how often it has happened meanwhile.
 */
public final class RateLimitedLog {
  private static final long EVERY_MS = 10_000;

  private final Logger log;
  private final LongSupplier nowMs;
  private long nextMs;
  private int unsaid;

  public RateLimitedLog(Logger log) {
    this(log, System::currentTimeMillis);
  }

  RateLimitedLog(Logger log, LongSupplier nowMs) {
    this.log = log;
    this.nowMs = nowMs;
  }

  /** It has happened again. */
  public void warn(String text) {
    if (nowMs.getAsLong() < nextMs) {
      unsaid++;
      return;
    }
    nextMs = nowMs.getAsLong() + EVERY_MS;
    log.warn("{}{}", text, unsaid == 0 ? "" : " (and " + unsaid + " times more before)");
    unsaid = 0;
  }
}
