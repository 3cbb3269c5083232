package io.spillway.server.mqtt;

import java.util.Arrays;

/**
 * One whole MQTT control packet (MQTT 3.1.1 section 2, MQTT 5 section 2) in a larger array, which
 * is not copied.
 *
 * @param from where its fixed header begins
 * @param to behind its last byte
 */
record Packet(byte[] bytes, int from, int to) {
  static final int CONNECT = 1;
  static final int CONNACK = 2;
  static final int PUBLISH = 3;
  static final int PUBACK = 4;
  static final int PUBREC = 5;
  static final int PUBREL = 6;
  static final int PUBCOMP = 7;
  static final int SUBSCRIBE = 8;
  static final int SUBACK = 9;
  static final int UNSUBSCRIBE = 10;
  static final int PINGREQ = 12;
  static final int DISCONNECT = 14;
  static final int AUTH = 15;

  /** MQTT 5: what somebody wants is not allowed. */
  static final int NOT_AUTHORIZED = 0x87;

  private static final int LENGTH_MORE = 0x80;

  int type() {
    return bytes[from] >> 4 & 0xf;
  }

  int flags() {
    return bytes[from] & 0xf;
  }

  int length() {
    return to - from;
  }

  /** Reads what follows the fixed header. */
  PacketReader body() {
    int start = from + 1;
    while ((bytes[start] & LENGTH_MORE) != 0) {
      start++;
    }
    return new PacketReader(bytes, start + 1, to);
  }

  /** A packet of a first byte and what follows the remaining length. */
  static byte[] of(int first, byte[] body) {
    byte[] packet = new byte[5 + body.length];
    packet[0] = (byte) first;
    int at = 1;
    int left = body.length;
    do {
      packet[at++] = (byte) (left > 0x7f ? (left & 0x7f) | LENGTH_MORE : left);
      left >>= 7;
    } while (left > 0);
    System.arraycopy(body, 0, packet, at, body.length);
    return Arrays.copyOf(packet, at + body.length);
  }

  /** PUBACK or PUBREC of MQTT 5 with a reason code and no properties (section 3.4.2). */
  static byte[] acknowledgement(int type, int packetId, int reasonCode) {
    return of(type << 4, new byte[] {(byte) (packetId >> 8), (byte) packetId, (byte) reasonCode});
  }

  /** CONNACK without a session; with MQTT 5 without properties (section 3.2.2). */
  static byte[] connack(int version, int code) {
    byte[] body = new byte[version == 5 ? 3 : 2];
    body[1] = (byte) code;
    return of(CONNACK << 4, body);
  }

  /** DISCONNECT of MQTT 5 (section 3.14). */
  static byte[] disconnect(int reasonCode) {
    return of(DISCONNECT << 4, new byte[] {(byte) reasonCode, 0});
  }
}
