package io.spillway.server.part;

import io.spillway.time.TimeSource;
import java.time.Duration;

/**
 * The time that this process has lived through: between two looks no more of it passes than twice
 * the time in which there should be one. What is slept through, stopped or busy with something
 * else, is nobody's silence, slowness or delay: what peers did meanwhile is read behind it. The
 * wall clock is as ever.
 *
 * <p>For one event loop.
 */
public final class AwakeTime implements TimeSource {
  private final TimeSource time;
  private final long mostNanos;
  private long lookedNanos;
  private long livedNanos;

  /**
   * @param every how often {@link #look} is to be called
   */
  public AwakeTime(TimeSource time, Duration every) {
    this.time = time;
    mostNanos = 2 * every.toNanos();
    lookedNanos = time.nanoTime();
    livedNanos = lookedNanos;
  }

  /** How often to look, in milliseconds, where the shortest time to be measured is so long. */
  public static long everyMs(long shortestMs) {
    return Math.max(20, Math.min(1_000, shortestMs / 4));
  }

  /** To be called from time to time: the process is awake. */
  public void look() {
    long now = time.nanoTime();
    livedNanos += lived(now);
    lookedNanos = now;
  }

  private long lived(long now) {
    return Math.min(now - lookedNanos, mostNanos);
  }

  @Override
  public long nanoTime() {
    return livedNanos + lived(time.nanoTime());
  }

  @Override
  public long wallMs() {
    return time.wallMs();
  }
}
