package io.spillway.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which record it is, and where it stands among all records of all journals: by time, those of one
 * time by the bytes of their ids. The table in the database has the same key and the same order.
 *
 * @param micros microseconds since 1970; negative before
 * @param id its {@code _id}, else {@code <journal>.<offset>}
 */
public record RecordKey(long micros, String id) implements Comparable<RecordKey> {
  private static final JsonFactory JSON =
      new JsonFactoryBuilder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();
  private static final OffsetDateTime EPOCH = Instant.EPOCH.atOffset(ZoneOffset.UTC);
  private static final Pattern TEXT = Pattern.compile("(-?\\d{1,18})~(.+)", Pattern.DOTALL);

  /** The key of a record with this time and id. */
  public static RecordKey of(OffsetDateTime time, String id) {
    return new RecordKey(ChronoUnit.MICROS.between(EPOCH, time), id);
  }

  /**
   * The key of the record {@code line[from, to)}; empty if it is not a JSON object.
   *
   * @param otherwiseId if it has no id of its own
   * @param otherwiseMs its time if it tells none, in milliseconds since 1970
   */
  public static Optional<RecordKey> of(
      byte[] line, int from, int to, String otherwiseId, long otherwiseMs) {
    String id = null;
    OffsetDateTime own = null;
    OffsetDateTime received = null;
    try (JsonParser parser = JSON.createParser(line, from, to - from)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        boolean text = parser.nextToken() == JsonToken.VALUE_STRING;
        switch (name) {
          case "_id" -> id = text ? parser.getText() : null;
          case "_ts_src" -> received = text ? RecordTime.of(parser.getText()) : null;
          case "timestamp" -> own = RecordTime.of(parser);
          default -> parser.skipChildren();
        }
        parser.skipChildren();
      }
    } catch (IOException notJson) {
      return Optional.empty();
    }
    OffsetDateTime time = own != null ? own : received;
    return Optional.of(
        of(time != null ? time : RecordTime.ofMs(otherwiseMs), id != null ? id : otherwiseId));
  }

  /** Reads what {@link #toString} has written; empty if it is something else. */
  public static Optional<RecordKey> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(new RecordKey(Long.parseLong(matcher.group(1)), matcher.group(2)))
        : Optional.empty();
  }

  /** Its time, in UTC. */
  public OffsetDateTime time() {
    return EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  @Override
  public int compareTo(RecordKey other) {
    return micros != other.micros
        ? Long.compare(micros, other.micros)
        : Arrays.compareUnsigned(
            id.getBytes(StandardCharsets.UTF_8), other.id.getBytes(StandardCharsets.UTF_8));
  }

  /** For a URL: {@code <micros>~<id>}. */
  @Override
  public String toString() {
    return micros + "~" + id;
  }
}
