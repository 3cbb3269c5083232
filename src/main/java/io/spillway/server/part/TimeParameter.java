package io.spillway.server.part;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Times as people write them in the query of a URL; those of records are read by {@link
 * io.spillway.message.RecordTime}. A person may name a day, and means it when the number is small.
 */
public final class TimeParameter {
  private static final int LENGTH_MAX = 40;
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}(\\.\\d{1,9})?");

  /** A number from here on is in milliseconds: in seconds it would be the year 5138. */
  private static final BigDecimal FIRST_MS = BigDecimal.valueOf(100_000_000_000L);

  private TimeParameter() {}

  /**
   * Milliseconds since 1970 of an ISO-8601 date or date and time, which is in UTC if it names no
   * zone, or of a number of seconds or milliseconds since 1970. Empty if it is none of them.
   */
  public static Optional<Long> parse(String text) {
    if (text.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    if (NUMBER.matcher(text).matches()) {
      BigDecimal number = new BigDecimal(text);
      boolean ms = number.abs().compareTo(FIRST_MS) >= 0;
      return Optional.of((ms ? number : number.movePointRight(3)).longValue());
    }
    try {
      TemporalAccessor time =
          text.indexOf('T') < 0 && text.indexOf('t') < 0
              ? LocalDate.parse(text)
              : DateTimeFormatter.ISO_DATE_TIME.parseBest(
                  text, OffsetDateTime::from, LocalDateTime::from);
      return Optional.of(instant(time).toEpochMilli());
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static Instant instant(TemporalAccessor time) {
    if (time instanceof OffsetDateTime zoned) {
      return zoned.toInstant();
    }
    return time instanceof LocalDate day
        ? day.atStartOfDay(ZoneOffset.UTC).toInstant()
        : LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
  }
}
