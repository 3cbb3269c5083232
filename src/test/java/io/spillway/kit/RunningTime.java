package io.spillway.kit;

import io.spillway.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The clocks of this machine, on which time can be let pass beyond that: at once, or a little with
 * each look at them, as where everything takes long.
 */
public final class RunningTime implements TimeSource {
  private final AtomicLong aheadNanos = new AtomicLong();
  private volatile Duration perLook = Duration.ZERO;

  public void pass(Duration time) {
    aheadNanos.addAndGet(time.toNanos());
  }

  public void passPerLook(Duration time) {
    perLook = time;
  }

  @Override
  public long wallMs() {
    return System.currentTimeMillis() + Duration.ofNanos(aheadNanos.get()).toMillis();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime() + aheadNanos.addAndGet(perLook.toNanos());
  }
}
