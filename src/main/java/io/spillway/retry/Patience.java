package io.spillway.retry;

import java.time.Duration;

/**
 * How much longer than the usual time another side is waited for, over all connections to it. Over
 * a slow line one message may take longer than that, and to cut it off makes it begin anew, for
 * ever: so the time doubles each time it has run out. It is the usual time after a minute in which
 * that would have been enough.
 */
public final class Patience {
  public static final int TIMES_MAX = 16;
  private static final long GOOD_MS = 60_000;

  private int times = 1;
  private long goodSinceMs;

  /** A connection begins. */
  public void begin(long nowMs) {
    goodSinceMs = nowMs;
  }

  /** What was waited for has come, after so long. */
  public void rewarded(long afterMs, Duration timeout, long nowMs) {
    if (afterMs > timeout.toMillis()) {
      goodSinceMs = nowMs;
    } else if (nowMs - goodSinceMs >= GOOD_MS) {
      times = 1;
    }
  }

  /** It has run out. */
  public void over() {
    times = Math.min(2 * times, TIMES_MAX);
  }

  /** How long to wait now, in milliseconds. */
  public long of(Duration timeout) {
    return times * timeout.toMillis();
  }
}
