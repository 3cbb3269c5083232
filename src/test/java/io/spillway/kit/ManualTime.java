package io.spillway.kit;

import io.spillway.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Two clocks that move only when told to; the wall clock can be set apart from the other. */
public final class ManualTime implements TimeSource {
  private final AtomicLong wallMs;
  private final AtomicLong nanos = new AtomicLong();

  public ManualTime(long wallMs) {
    this.wallMs = new AtomicLong(wallMs);
  }

  /** Lets time pass on both clocks. */
  public void pass(Duration time) {
    wallMs.addAndGet(time.toMillis());
    nanos.addAndGet(time.toNanos());
  }

  /** Somebody sets the wall clock; no time passes. */
  public void set(long wallMs) {
    this.wallMs.set(wallMs);
  }

  @Override
  public long wallMs() {
    return wallMs.get();
  }

  @Override
  public long nanoTime() {
    return nanos.get();
  }
}
