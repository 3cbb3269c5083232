package io.spillway.kit;

import io.spillway.time.TimeSource;
import java.time.Duration;

/** Two clocks that move only when told to; the wall clock can be set apart from the other. */
public final class ManualTime implements TimeSource {
  private volatile long wallMs;
  private volatile long nanos;

  public ManualTime(long wallMs) {
    this.wallMs = wallMs;
  }

  /** Lets time pass on both clocks. */
  public void pass(Duration time) {
    wallMs += time.toMillis();
    nanos += time.toNanos();
  }

  /** Somebody sets the wall clock; no time passes. */
  public void set(long wallMs) {
    this.wallMs = wallMs;
  }

  @Override
  public long wallMs() {
    return wallMs;
  }

  @Override
  public long nanoTime() {
    return nanos;
  }
}
