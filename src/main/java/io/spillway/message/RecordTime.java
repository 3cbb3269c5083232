package io.spillway.message;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;

/**
 * Reads the time of a record, for all who look at records. Only what lies in the record decides, so
 * that the same record always has the same time; and the time is part of a row's key in a database,
 * so that to read it in another way would store a record twice.
 */
public final class RecordTime {
  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffset("+HH:mm", "Z")
          .optionalEnd()
          .toFormatter()
          .withResolverStyle(ResolverStyle.STRICT);

  /** The year 1 is how some programs say that they have no time. */
  private static final int YEAR_MIN = 1700;

  private static final int YEAR_MAX = 9999;
  private static final int TEXT_MIN = "2026-11-21T06:26".length();
  private static final int TEXT_MAX = "2026-11-21T06:26:33.123456789+01:00".length();

  // Since 1973 a count of seconds has nine digits, and each finer unit three more.
  private static final double SECONDS_MIN = 1e8;
  private static final double MILLIS_MIN = 1e11;
  private static final double MICROS_MIN = 1e14;
  private static final double NANOS_MIN = 1e17;

  private RecordTime() {}

  /**
   * ISO 8601 with T or a blank, of the years 1700 to 9999; without an offset it is UTC. Null if it
   * is none.
   */
  public static OffsetDateTime of(String text) {
    if (text.length() < TEXT_MIN || text.length() > TEXT_MAX) {
      return null;
    }
    try {
      TemporalAccessor time =
          ISO.parseBest(text.replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
      OffsetDateTime utc =
          time instanceof LocalDateTime local
              ? local.atOffset(ZoneOffset.UTC)
              : ((OffsetDateTime) time).withOffsetSameInstant(ZoneOffset.UTC);
      return utc.getYear() < YEAR_MIN || utc.getYear() > YEAR_MAX ? null : utc;
    } catch (DateTimeException unreadable) {
      return null;
    }
  }

  /** Seconds, milliseconds, microseconds or nanoseconds since 1970, told by the size; or null. */
  public static OffsetDateTime of(double number) {
    if (!(number >= SECONDS_MIN && number < 1e19)) {
      return null;
    }
    double ms =
        number < MILLIS_MIN
            ? number * 1e3
            : number < MICROS_MIN ? number : number < NANOS_MIN ? number / 1e3 : number / 1e6;
    return ofMs(Math.round(ms));
  }

  /** The value that the parser is at: a text or a number as above; or null. */
  public static OffsetDateTime of(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return of(parser.getText());
    }
    return parser.currentToken().isNumeric() ? of(parser.getDoubleValue()) : null;
  }

  /** Milliseconds since 1970. */
  public static OffsetDateTime ofMs(long ms) {
    return Instant.ofEpochMilli(ms).atOffset(ZoneOffset.UTC);
  }
}
