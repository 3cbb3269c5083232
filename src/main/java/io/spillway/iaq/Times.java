package io.spillway.iaq;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Times as sensors write them. */
final class Times {
  /** Numbers below are seconds (until the year 5138), others milliseconds (from 1973). */
  private static final double SECONDS_BELOW = 1e11;

  private static final long LATEST = Instant.parse("2200-01-01T00:00:00Z").toEpochMilli();

  private Times() {}

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
