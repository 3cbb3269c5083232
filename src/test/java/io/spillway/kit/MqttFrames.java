package io.spillway.kit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** MQTT 3.1.1 packets on a byte stream, as much of them as the tests need. */
final class MqttFrames {
  static final int CONNECT = 1;
  static final int CONNACK = 2;
  static final int PUBLISH = 3;
  static final int PUBACK = 4;
  static final int PUBREC = 5;
  static final int PUBREL = 6;
  static final int PUBCOMP = 7;
  static final int SUBSCRIBE = 8;
  static final int PINGREQ = 12;

  /** One packet: its type, its flags and what follows the remaining length. */
  record Packet(int type, int flags, byte[] body) {
    /** Packet identifier of a PUBACK, PUBREC or PUBCOMP. */
    int ackedId() {
      return number(body, 0);
    }

    /** Packet identifier of a PUBLISH at QoS 1. */
    int publishId() {
      return number(body, 2 + number(body, 0));
    }

    int qos() {
      return (flags >> 1) & 3;
    }

    /** Whether a PUBLISH says that it was sent before. */
    boolean isDup() {
      return (flags & 8) != 0;
    }

    /** Topic of a PUBLISH. */
    String topic() {
      return new String(body, 2, number(body, 0), StandardCharsets.UTF_8);
    }

    /** Payload of a PUBLISH. */
    String payload() {
      int start = 2 + number(body, 0) + (qos() > 0 ? 2 : 0);
      return new String(body, start, body.length - start, StandardCharsets.UTF_8);
    }

    private static int number(byte[] from, int at) {
      return ((from[at] & 0xff) << 8) | (from[at + 1] & 0xff);
    }
  }

  private byte[] pending = new byte[0];

  /** Takes the next bytes of the stream and hands over each packet that they complete. */
  void feed(byte[] bytes, int count, Consumer<Packet> packets) {
    byte[] all = Arrays.copyOf(pending, pending.length + count);
    System.arraycopy(bytes, 0, all, pending.length, count);
    int start = 0;
    for (int end = end(all, start); end > 0; end = end(all, start)) {
      int body = bodyStart(all, start);
      packets.accept(
          new Packet(
              (all[start] >> 4) & 0xf, all[start] & 0xf, Arrays.copyOfRange(all, body, end)));
      start = end;
    }
    pending = Arrays.copyOfRange(all, start, all.length);
  }

  /** Where the packet at {@code start} ends; 0 when it is not complete. */
  private static int end(byte[] all, int start) {
    int body = bodyStart(all, start);
    if (body == 0) {
      return 0;
    }
    int length = 0;
    for (int at = body - 1; at > start; at--) {
      length = (length << 7) | (all[at] & 0x7f);
    }
    return body + length <= all.length ? body + length : 0;
  }

  /** Where the remaining length, 1 to 4 bytes with a mark on all but the last, has ended. */
  private static int bodyStart(byte[] all, int start) {
    for (int at = start + 1; at < all.length; at++) {
      if (all[at] >= 0) {
        return at + 1;
      }
    }
    return 0;
  }

  /** CONNECT with a clean session, keep-alive off. */
  static byte[] connect(String clientId) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    text(body, "MQTT");
    body.write(4);
    body.write(2);
    body.write(0);
    body.write(0);
    text(body, clientId);
    return packet(0x10, body.toByteArray());
  }

  /** PUBLISH at QoS 1. */
  static byte[] publish(int packetId, String topic, byte[] payload) {
    ByteArrayOutputStream body = new ByteArrayOutputStream(payload.length + topic.length() + 4);
    text(body, topic);
    body.write(packetId >> 8);
    body.write(packetId);
    body.writeBytes(payload);
    return packet(0x32, body.toByteArray());
  }

  private static byte[] packet(int head, byte[] body) {
    ByteArrayOutputStream packet = new ByteArrayOutputStream(body.length + 5);
    packet.write(head);
    int length = body.length;
    do {
      packet.write(length > 0x7f ? (length & 0x7f) | 0x80 : length);
      length >>= 7;
    } while (length > 0);
    packet.writeBytes(body);
    return packet.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes.length >> 8);
    out.write(bytes.length);
    out.writeBytes(bytes);
  }
}
