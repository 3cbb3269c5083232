package io.spillway.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.spillway.message.JsonFault;
import io.spillway.message.Names;
import io.spillway.message.Payload;
import io.spillway.message.RejectedPayload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A line that is a record, taken apart into its members. All but ours go on as they stand in it,
 * byte for byte.
 */
final class JournalRecord {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private static final String ID = "_id";
  private static final String CLAIMED = "_claimed_id";
  private static final String WRITER = "_by";
  private static final String TIME = "_ts_src";

  /** What edge and server have added to the payload as it was published. */
  private static final Set<String> ADDED = Set.of("_topic", TIME, "_retained", ID, CLAIMED, WRITER);

  private final byte[] line;
  private final List<Part> parts = new ArrayList<>();
  private String topic;
  private String id = "";

  /** A member is {@code line[from, to)}, and its value begins at {@code valueFrom}. */
  private record Part(String name, int from, int valueFrom, int to) {}

  private JournalRecord(byte[] line) {
    this.line = line;
  }

  /**
   * Takes {@code line[from, to)} apart.
   *
   * @throws RejectedPayload if it is not one JSON object
   */
  static JournalRecord of(Payload payload, byte[] line, int from, int to) throws RejectedPayload {
    payload.requireObject(line, from, to);
    JournalRecord record = new JournalRecord(line);
    try (JsonParser parser = JSON.createParser(line, from, to - from)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        record.add(parser, from);
      }
    } catch (IOException e) {
      throw new RejectedPayload(JsonFault.words(e));
    }
    return record;
  }

  private void add(JsonParser parser, int from) throws IOException {
    int start = from + (int) parser.currentTokenLocation().getByteOffset();
    String name = parser.currentName();
    boolean text = parser.nextToken() == JsonToken.VALUE_STRING;
    int valueFrom = from + (int) parser.currentTokenLocation().getByteOffset();
    if (text && name.equals("_topic")) {
      topic = parser.getText();
    } else if (text && name.equals(ID)) {
      id = parser.getText();
    }
    parser.skipChildren();
    parser.finishToken();
    int end = from + (int) parser.currentLocation().getByteOffset();
    parts.add(new Part(name, start, valueFrom, end));
  }

  /** The MQTT topic that it came on; null if it does not say. */
  String topic() {
    return topic;
  }

  boolean has(String member) {
    return parts.stream().anyMatch(part -> part.name.equals(member));
  }

  /**
   * Whether a part of a server has written it. Where it goes such a part writes its own, and nobody
   * else may.
   */
  boolean isOfServer() {
    int dot = id.indexOf('.');
    return has(WRITER) || (dot > 0 && Names.isReserved(id.substring(0, dot)));
  }

  /**
   * The line to send to a server, without its end. What it was called before becomes {@code
   * _claimed_id}, as that of a plain client does.
   *
   * @param series {@code <edge>.<epoch>}
   * @param otherwise the time that it gets if it has none
   */
  byte[] forServer(String series, long number, String otherwise) {
    int last = lastOf(ID);
    Joined out = new Joined(line);
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      switch (part.name) {
        case WRITER -> {}
        case ID -> {
          if (i == last) {
            out.member(CLAIMED, part.valueFrom, part.to);
          }
        }
        case CLAIMED -> {
          if (last < 0) {
            out.member(part.from, part.to);
          }
        }
        default -> out.member(part.from, part.to);
      }
    }
    if (!has(TIME)) {
      out.text(TIME, otherwise);
    }
    out.text(ID, series + '.' + number);
    return out.end();
  }

  private int lastOf(String name) {
    int last = parts.size() - 1;
    while (last >= 0 && !parts.get(last).name.equals(name)) {
      last--;
    }
    return last;
  }

  /** As it was published, but for what stood around it: an array is one message an element. */
  byte[] payload() {
    Joined out = new Joined(line);
    for (Part part : parts) {
      if (!ADDED.contains(part.name)) {
        out.member(part.from, part.to);
      }
    }
    return out.end();
  }

  /** Members of a line, joined to an object. */
  private static final class Joined {
    private final byte[] line;
    private final ByteArrayOutputStream out;

    Joined(byte[] line) {
      this.line = line;
      out = new ByteArrayOutputStream(512);
      out.write('{');
    }

    void member(int from, int to) {
      comma();
      out.write(line, from, to - from);
    }

    void member(String name, int valueFrom, int to) {
      comma();
      out.writeBytes(('"' + name + "\":").getBytes(UTF_8));
      out.write(line, valueFrom, to - valueFrom);
    }

    /** A text in which nothing has to be escaped. */
    void text(String name, String value) {
      comma();
      out.writeBytes(('"' + name + "\":\"" + value + '"').getBytes(UTF_8));
    }

    byte[] end() {
      out.write('}');
      return out.toByteArray();
    }

    private void comma() {
      if (out.size() > 1) {
        out.write(',');
      }
    }
  }
}
