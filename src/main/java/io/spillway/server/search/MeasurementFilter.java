package io.spillway.server.search;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.spillway.message.RecordTime;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * Which measurements are wanted: members at the top level of a record that are equal to a text, and
 * a time between two others. The time is the record's own {@code timestamp} if that can be read,
 * else {@code _ts_src}, when it came.
 */
final class MeasurementFilter {
  private static final JsonFactory JSON =
      new JsonFactoryBuilder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private final List<String> names;
  private final List<String> values;
  private final Long fromMs;
  private final Long toMs;

  /**
   * @param equal values by name of the member; a number is compared as it is written
   * @param fromMs first moment, or null
   * @param toMs the moment behind the last, or null
   */
  MeasurementFilter(Map<String, String> equal, Long fromMs, Long toMs) {
    names = List.copyOf(equal.keySet());
    values = names.stream().map(equal::get).toList();
    this.fromMs = fromMs;
    this.toMs = toMs;
  }

  /** Whether the object {@code line[from, to)} is wanted; not if it is not valid JSON. */
  boolean matches(byte[] line, int from, int to) {
    boolean timed = fromMs != null || toMs != null;
    if (names.isEmpty() && !timed) {
      return true;
    }
    BitSet equal = new BitSet(names.size());
    OffsetDateTime own = null;
    OffsetDateTime received = null;
    try (JsonParser parser = JSON.createParser(line, from, to - from)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        String value = scalar(parser);
        int at = names.indexOf(name);
        if (at >= 0) {
          equal.set(at, values.get(at).equals(value));
        }
        if (timed && value != null && name.equals("timestamp")) {
          own = RecordTime.of(parser);
        } else if (timed && value != null && name.equals("_ts_src")) {
          received = RecordTime.of(parser);
        }
      }
    } catch (IOException notJson) {
      return false;
    }
    return equal.cardinality() == names.size() && (!timed || isIn(own != null ? own : received));
  }

  /** The text of a text or number; null for anything else, which is skipped. */
  private static String scalar(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.VALUE_STRING || token.isNumeric()) {
      return parser.getText();
    }
    parser.skipChildren();
    return null;
  }

  private boolean isIn(OffsetDateTime time) {
    if (time == null) {
      return false;
    }
    long atMs = time.toInstant().toEpochMilli();
    return (fromMs == null || atMs >= fromMs) && (toMs == null || atMs < toMs);
  }
}
