package io.spillway.iaq;

/** How far a sensor's clock is believed. How its times are read is the record's own affair. */
final class SensorClock {
  /** A clock that shows local time for UTC is up to 14 hours ahead. */
  private static final long AHEAD_MAX_MS = 24 * 60 * 60_000;

  /** A sensor's clock that goes back by more was set right. */
  private static final long BACK_MAX_MS = 60 * 60_000;

  private SensorClock() {}

  /** Whether a measurement may be of that time, having come at {@code cameMs}. */
  static boolean isCredible(long ms, long cameMs) {
    return ms > 0 && ms <= cameMs + AHEAD_MAX_MS;
  }

  /**
   * The time to count with, after {@code lastMs}: a little earlier is out of order, much is new.
   */
  static long after(long lastMs, long ms) {
    return isSetBack(lastMs, ms) ? ms : Math.max(lastMs, ms);
  }

  /** Whether the clock was set back between two measurements. */
  static boolean isSetBack(long lastMs, long ms) {
    return ms < lastMs - BACK_MAX_MS;
  }
}
