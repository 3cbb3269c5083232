package io.spillway.server.records;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What a stored record is selected by.
 *
 * @param type its own member {@code type}, if that is a text; else null
 * @param topic its member {@code _topic}: the MQTT topic it came on; null if there is none
 */
public record RecordTags(String type, String topic) {
  private static final RecordTags NONE = new RecordTags(null, null);
  private static final JsonFactory JSON =
      new JsonFactoryBuilder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();
  private static final byte[] TYPE = "\"type\"".getBytes(StandardCharsets.US_ASCII);

  /** The tags of the object {@code line[from, to)}; none if it is not valid JSON. */
  public static RecordTags of(byte[] line, int from, int to) {
    String type = null;
    String topic = null;
    try (JsonParser parser = JSON.createParser(line, from, to - from)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return NONE;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        boolean text = parser.nextToken() == JsonToken.VALUE_STRING;
        if (name.equals("type")) {
          type = text ? parser.getText() : null;
        } else if (name.equals("_topic")) {
          topic = text ? parser.getText() : null;
        }
        parser.skipChildren();
      }
      return new RecordTags(type, topic);
    } catch (IOException notJson) {
      return NONE;
    }
  }

  /**
   * Whether {@code line[from, to)} may have a type of its own. Most records have none, and this is
   * told ten times faster than it takes to read them.
   */
  public static boolean mayHaveType(byte[] line, int from, int to) {
    for (int at = from; at < to; at++) {
      if (line[at] == '\\' && at + 1 < to && line[at + 1] == 'u') {
        return true; // a name may be written with escapes (RFC 8259 section 7)
      }
      if (line[at] == '"' && isTypeAt(line, at, to)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isTypeAt(byte[] line, int at, int to) {
    if (to - at < TYPE.length) {
      return false;
    }
    for (int i = 1; i < TYPE.length; i++) {
      if (line[at + i] != TYPE[i]) {
        return false;
      }
    }
    return true;
  }
}
