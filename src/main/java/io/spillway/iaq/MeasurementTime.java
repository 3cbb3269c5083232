package io.spillway.iaq;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Times as sensors write them. */
final class MeasurementTime {
  /** Numbers below are seconds (until the year 5138), others milliseconds (from 1973). */
  private static final double SECONDS_BELOW = 1e11;

  private static final long LATEST = Instant.parse("2200-01-01T00:00:00Z").toEpochMilli();

  /** A clock that shows local time for UTC is up to 14 hours ahead. */
  private static final long AHEAD_MAX_MS = 24 * 60 * 60_000;

  /** A sensor's clock that goes back by more was set right. */
  private static final long BACK_MAX_MS = 60 * 60_000;

  private MeasurementTime() {}

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

  /**
   * ISO-8601 with any offset, or without one, which means UTC; or seconds or milliseconds since
   * 1970.
   *
   * @return milliseconds since 1970; -1 if it cannot be read or is not between 1970 and 2200
   */
  static long parse(String text) {
    long ms = text.isEmpty() || text.length() > 40 ? -1 : read(text);
    return ms > 0 && ms < LATEST ? ms : -1;
  }

  private static long read(String text) {
    try {
      if (text.indexOf('-', 1) < 0) {
        double number = Double.parseDouble(text);
        return (long) (number < SECONDS_BELOW ? number * 1_000 : number);
      }
      if (text.endsWith("Z")) {
        return Instant.parse(text).toEpochMilli();
      }
      String iso = text.replace(' ', 'T');
      boolean offset = iso.matches(".*T.*[+-]\\d\\d:?(\\d\\d)?");
      return offset
          ? OffsetDateTime.parse(iso).toInstant().toEpochMilli()
          : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC).toEpochMilli();
    } catch (DateTimeException | NumberFormatException unreadable) {
      return -1;
    }
  }
}
