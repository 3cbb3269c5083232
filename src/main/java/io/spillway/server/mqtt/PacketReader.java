package io.spillway.server.mqtt;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the data types of MQTT (MQTT 5 section 1.5) one after the other. What is not as the
 * standard has it is refused and not guessed at: the broker could guess otherwise.
 */
final class PacketReader {
  static final int TOPIC_ALIAS = 0x23;
  private static final int USER_PROPERTY = 0x26;

  private final byte[] bytes;
  private final int end;
  private int at;

  PacketReader(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  boolean isAtEnd() {
    return at == end;
  }

  /** Where the next byte is. */
  int position() {
    return at;
  }

  int octet() throws Violation {
    need(1);
    return bytes[at++] & 0xff;
  }

  int number() throws Violation {
    return octet() << 8 | octet();
  }

  /** A packet identifier, which is not 0 (MQTT 3.1.1 section 2.3.1). */
  int packetId() throws Violation {
    int id = number();
    if (id == 0) {
      throw Violation.malformed("packet identifier 0");
    }
    return id;
  }

  /** A length of 1 to 4 bytes (section 1.5.5). */
  int variable() throws Violation {
    int value = 0;
    for (int shift = 0; shift <= 21; shift += 7) {
      int next = octet();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw Violation.malformed("a length of more than 4 bytes");
  }

  /** UTF-8 with its length in front; U+0000 must not be in it (section 1.5.4). */
  String text() throws Violation {
    int length = number();
    need(length);
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, length)).toString();
      if (text.indexOf('\0') >= 0) {
        throw Violation.malformed("text with U+0000");
      }
      at += length;
      return text;
    } catch (CharacterCodingException e) {
      throw Violation.malformed("text that is not UTF-8");
    }
  }

  /** Binary data with its length in front. */
  void skipBinary() throws Violation {
    skip(number());
  }

  /** What is left. */
  byte[] rest() {
    return Arrays.copyOfRange(bytes, at, end);
  }

  /** Properties of MQTT 5 (section 2.2.2), none of which is needed. */
  void skipProperties() throws Violation {
    skip(variable());
  }

  /** The properties of a PUBLISH: its topic alias, 0 if it has none (section 3.3.2.3.4). */
  int topicAlias() throws Violation {
    int length = variable();
    need(length);
    int propertiesEnd = at + length;
    int alias = 0;
    while (at < propertiesEnd) {
      int id = octet();
      if (id == TOPIC_ALIAS) {
        if (alias != 0) {
          throw Violation.malformed("a topic alias twice");
        }
        alias = packetId();
      } else {
        skipProperty(id);
      }
    }
    if (at != propertiesEnd) {
      throw Violation.malformed("properties longer than they say");
    }
    return alias;
  }

  /** The value of a property other than the alias that a PUBLISH may have. */
  private void skipProperty(int id) throws Violation {
    switch (id) {
      case 0x01 -> skip(1); // payload format indicator
      case 0x02 -> skip(4); // message expiry interval
      case 0x03, 0x08, 0x09 -> skipBinary(); // content type, response topic, correlation data
      case 0x0B -> variable(); // subscription identifier
      case USER_PROPERTY -> {
        skipBinary();
        skipBinary();
      }
      default -> throw Violation.malformed("property " + id + " in a PUBLISH");
    }
  }

  private void skip(int length) throws Violation {
    need(length);
    at += length;
  }

  private void need(int length) throws Violation {
    if (length > end - at) {
      throw Violation.malformed("a packet shorter than it says");
    }
  }
}
