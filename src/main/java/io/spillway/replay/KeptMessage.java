package io.spillway.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.spillway.message.RecordTime;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A line of {@code rejected.ndjson}: the bytes that could not become a record then. It is known by
 * its five members, in their order, as no record has them; so a copy of the file may have any name.
 *
 * @param topic MQTT topic; the {@code _id} of a record that was set aside, or {@code
 *     <edge>.<epoch>} of one, of version 0.1, or {@code <journal>.<offset>} of one that a database
 *     has refused; or the address of a client of the server
 * @param size how many bytes came
 * @param payload those that were kept; null if the text of the line does not say
 */
record KeptMessage(String topic, long atMs, long size, byte[] payload) {
  private static final List<String> MEMBERS = List.of("topic", "time", "reason", "size", "payload");
  private static final byte[] BEGINNING = {'{', '"', 't', 'o', 'p', 'i', 'c', '"', ':'};
  private static final Pattern RECORD =
      Pattern.compile("[A-Za-z0-9_-]{1,64}(\\.[A-Za-z0-9_-]{1,64}){1,2}");
  private static final Pattern CLIENT = Pattern.compile("[0-9A-Fa-f.:\\[\\]]+:[0-9]{1,5}");

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  /** Null if {@code line[from, to)} is none. */
  static KeptMessage of(byte[] line, int from, int to) {
    if (!begins(line, from, to)) {
      return null;
    }
    try (JsonParser parser = JSON.createParser(line, from, to - from)) {
      parser.nextToken();
      String topic = text(parser, 0);
      OffsetDateTime time = RecordTime.of(text(parser, 1));
      text(parser, 2);
      long size = number(parser);
      String base64 = text(parser, 4);
      boolean whole = parser.nextToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
      return whole && time != null
          ? new KeptMessage(topic, time.toInstant().toEpochMilli(), size, decoded(base64))
          : null;
    } catch (IOException other) {
      return null;
    }
  }

  private static boolean begins(byte[] line, int from, int to) {
    boolean begins = to - from > BEGINNING.length;
    for (int i = 0; begins && i < BEGINNING.length; i++) {
      begins = line[from + i] == BEGINNING[i];
    }
    return begins;
  }

  private static String text(JsonParser parser, int member) throws IOException {
    next(parser, member, JsonToken.VALUE_STRING);
    return parser.getText();
  }

  private static long number(JsonParser parser) throws IOException {
    next(parser, 3, JsonToken.VALUE_NUMBER_INT);
    return parser.getLongValue();
  }

  private static void next(JsonParser parser, int member, JsonToken value) throws IOException {
    boolean named = MEMBERS.get(member).equals(parser.nextFieldName());
    if (!named || parser.nextToken() != value) {
      throw new IOException("another line");
    }
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException damaged) {
      return null;
    }
  }

  /** Whether bytes are missing: what was kept is the beginning of what came, or not even that. */
  boolean isCut() {
    return payload == null || payload.length != size;
  }

  /** Whether the topic is the name of a record, so that the bytes are to be one. */
  boolean mayBeRecord() {
    return RECORD.matcher(topic).matches();
  }

  /** Whether it came from a client of the server, by its address. */
  boolean isOfClient() {
    return CLIENT.matcher(topic).matches();
  }
}
