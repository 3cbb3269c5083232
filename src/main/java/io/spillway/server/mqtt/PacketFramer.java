package io.spillway.server.mqtt;

import io.spillway.wire.CloseCode;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into MQTT packets, wherever the stream was cut before: WebSocket frames
 * and packets have nothing to do with each other (MQTT 3.1.1 section 6). Of an unfinished packet no
 * more is kept than has come.
 */
final class PacketFramer {
  /** Takes packets; what it is given is valid until it returns. */
  interface Sink {
    /** The next packet. */
    void packet(Packet packet) throws Violation;
  }

  private static final int HEADER_MAX = 5;
  private static final byte[] NOTHING = {};

  private final int packetBytesMax;
  private byte[] held = NOTHING;
  private int heldCount;

  PacketFramer(int packetBytesMax) {
    this.packetBytesMax = packetBytesMax;
  }

  /** How many bytes of an unfinished packet wait for the rest of it. */
  int heldCount() {
    return heldCount;
  }

  /** How much memory they take. */
  int heldBytes() {
    return held.length;
  }

  /** Hands on every packet that these bytes complete. A packet is refused by its header already. */
  void add(byte[] chunk, Sink sink) throws Violation {
    int at = heldCount == 0 ? 0 : finish(chunk, sink);
    while (at < chunk.length) {
      int length = lengthOf(chunk, at, chunk.length);
      if (length == 0 || length > chunk.length - at) {
        hold(chunk, at, chunk.length);
        return;
      }
      sink.packet(new Packet(chunk, at, at + length));
      at += length;
    }
  }

  /** Completes the packet that has begun; returns how many bytes belong to it. */
  private int finish(byte[] chunk, Sink sink) throws Violation {
    int at = 0;
    int length = lengthOf(held, 0, heldCount);
    while (length == 0 && at < chunk.length) {
      hold(chunk, at, at + 1);
      at++;
      length = lengthOf(held, 0, heldCount);
    }
    int more = length == 0 ? 0 : Math.min(length - heldCount, chunk.length - at);
    hold(chunk, at, at + more);
    if (length > 0 && heldCount == length) {
      byte[] whole = held;
      held = NOTHING;
      heldCount = 0;
      sink.packet(new Packet(whole, 0, length));
    }
    return at + more;
  }

  private void hold(byte[] chunk, int from, int to) {
    int count = to - from;
    if (heldCount + count > held.length) {
      held = Arrays.copyOf(held, Math.max(heldCount + count, held.length * 2));
    }
    System.arraycopy(chunk, from, held, heldCount, count);
    heldCount += count;
  }

  /** Length of the packet at {@code at} with its header; 0 if that is not all there. */
  private int lengthOf(byte[] bytes, int at, int end) throws Violation {
    int remaining = 0;
    for (int i = 1; i < HEADER_MAX; i++) {
      if (at + i >= end) {
        return 0;
      }
      remaining |= (bytes[at + i] & 0x7f) << (7 * (i - 1));
      if (bytes[at + i] >= 0) {
        return checked(1 + i + remaining);
      }
    }
    throw Violation.malformed("a remaining length of more than 4 bytes");
  }

  private int checked(int length) throws Violation {
    if (length > packetBytesMax) {
      throw new Violation(
          CloseCode.TOO_BIG,
          "a packet of %d bytes; server.mqtt.maxPacketBytes is %d"
              .formatted(length, packetBytesMax));
    }
    return length;
  }
}
