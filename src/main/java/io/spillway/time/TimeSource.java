package io.spillway.time;

/**
 * What time it is, in the two senses of it. The wall clock dates things and can be set at any
 * moment; intervals and time-outs are only ever taken from the monotonic clock.
 */
public interface TimeSource {
  /** The clocks of this machine. */
  TimeSource SYSTEM =
      new TimeSource() {
        @Override
        public long wallMs() {
          return System.currentTimeMillis();
        }

        @Override
        public long nanoTime() {
          return System.nanoTime();
        }
      };

  /** The wall clock: milliseconds since 1970-01-01T00:00:00Z. */
  long wallMs();

  /** The monotonic clock: nanoseconds since an arbitrary moment, as {@link System#nanoTime()}. */
  long nanoTime();

  /** The monotonic clock in whole milliseconds, for what is counted in milliseconds. */
  default long monotonicMs() {
    return nanoTime() / 1_000_000;
  }
}
