package io.spillway.source;

import io.vertx.core.buffer.Buffer;

/**
 * The packets that answer a message or its release: each is of four bytes, a type, the 2 and the
 * packet identifier (MQTT 3.1.1 sections 3.4, 3.5 and 3.7). Type and identifier are one number
 * here: thousands wait at a time.
 */
final class Answer {
  /** Kinds, as the first byte of the packet says them. */
  static final int PUBACK = 0x40;

  static final int PUBREC = 0x50;
  static final int PUBCOMP = 0x70;

  private static final int TYPE_SHIFT = 16;
  private static final int PACKET_ID_MASK = 0xFFFF;
  private static final int BYTES = 4;

  private Answer() {}

  /** To a message, which ends its way at QoS 1 and not at QoS 2. */
  static int toMessage(int qos, int packetId) {
    return (qos == 2 ? PUBREC : PUBACK) << TYPE_SHIFT | packetId;
  }

  /** To a PUBREL. */
  static int toRelease(int packetId) {
    return PUBCOMP << TYPE_SHIFT | packetId;
  }

  static int packetId(int answer) {
    return answer & PACKET_ID_MASK;
  }

  static int kind(int answer) {
    return answer >> TYPE_SHIFT;
  }

  /** All of them, in this order. */
  static Buffer packets(int[] answers) {
    Buffer packets = Buffer.buffer(answers.length * BYTES);
    for (int answer : answers) {
      packets.appendByte((byte) (answer >> TYPE_SHIFT)).appendByte((byte) 2);
      packets.appendShort((short) answer);
    }
    return packets;
  }
}
