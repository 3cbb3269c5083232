package io.spillway.source;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a broker answers with a code. Netty's decoder knows some codes, makes null of others or
 * gives up on them, and of all of them signed bytes; here they are what came, from 0 to 255.
 */
sealed interface BrokerAnswer {
  int CONNACK = 2;
  int SUBACK = 9;

  /** MQTT 3.1.1 section 3.2; code 0: accepted. */
  record Connack(boolean sessionPresent, int code) implements BrokerAnswer {}

  /** MQTT 3.1.1 section 3.9: one code for each filter. */
  record Suback(int packetId, List<Integer> codes) implements BrokerAnswer {}

  /** Whether a packet of this type is one. */
  static boolean isType(int type) {
    return type == CONNACK || type == SUBACK;
  }

  /** Reads what is behind the fixed header. */
  static BrokerAnswer read(int type, ByteBuf body) {
    if (body.readableBytes() < 2) {
      throw new DecoderException(
          (type == CONNACK ? "a CONNACK" : "a SUBACK") + " that is too short");
    }
    if (type == CONNACK) {
      return new Connack((body.readByte() & 1) != 0, body.readUnsignedByte());
    }
    int packetId = body.readUnsignedShort();
    List<Integer> codes = new ArrayList<>(body.readableBytes());
    while (body.isReadable()) {
      codes.add((int) body.readUnsignedByte());
    }
    return new Suback(packetId, List.copyOf(codes));
  }
}
