package io.spillway.uplink;

import io.spillway.message.Printable;
import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What answers {@code GET /health} where the server should be, as far as it tells.
 *
 * @param spillway whether it says that it is Spillway; then the server's own words have come
 *     through
 * @param dateMs what time it is there, in milliseconds since 1970
 * @param through proxies that have put their names into headers; empty if there is none
 * @param ownMs what time it was here, in the middle of the question
 */
record HealthAnswer(int status, boolean spillway, OptionalLong dateMs, String through, long ownMs) {
  private static final Pattern SERVICE = Pattern.compile("\"service\"\\s*:\\s*\"spillway\"");
  private static final Pattern TIMESTAMP =
      Pattern.compile("\"timestamp\"\\s*:\\s*\"([0-9T:.-]{19,30}Z)\"");
  private static final int NAME_CHARS_MAX = 40;

  /**
   * @param head the beginning of the body
   */
  static HealthAnswer of(int status, MultiMap headers, String head, long ownMs) {
    boolean spillway = SERVICE.matcher(head).find();
    return new HealthAnswer(
        status, spillway, date(headers.get("Date"), head), through(headers), ownMs);
  }

  /** The body's is the server's; the header may be that of a proxy. */
  private static OptionalLong date(String header, String head) {
    Matcher timestamp = TIMESTAMP.matcher(head);
    try {
      if (timestamp.find()) {
        return OptionalLong.of(Instant.parse(timestamp.group(1)).toEpochMilli());
      }
      return header == null
          ? OptionalLong.empty()
          : OptionalLong.of(
              ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME)
                  .toInstant()
                  .toEpochMilli());
    } catch (DateTimeException unreadable) {
      return OptionalLong.empty();
    }
  }

  /** A Spillway server names itself in none of these. */
  private static String through(MultiMap headers) {
    List<String> names = new ArrayList<>();
    for (String header : List.of("Server", "Via")) {
      String name = headers.get(header);
      if (name != null && !name.isBlank()) {
        String line = Printable.of(name.strip());
        names.add(
            line.length() > NAME_CHARS_MAX ? line.substring(0, NAME_CHARS_MAX) + "..." : line);
      }
    }
    return String.join(", ", names);
  }
}
