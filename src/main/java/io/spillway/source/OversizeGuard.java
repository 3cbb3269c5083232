package io.spillway.source;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.mqtt.MqttDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Stands before the MQTT decoder and lets whole packets of an allowed size pass. A larger PUBLISH
 * is swallowed, but for its topic, its packet identifier and its beginning, and passed on as an
 * {@link Oversized}: a decoder that gave up on it would close the connection, and the broker would
 * deliver it again for ever.
 */
final class OversizeGuard extends ByteToMessageDecoder {
  /** What is kept of the payload of an oversized message, in bytes. */
  static final int KEPT_BYTES = 16 * 1024;

  private static final int PUBLISH = 3;
  private static final int TOPIC_BYTES_MAX = 65_535;
  private static final int FIXED_HEADER_BYTES_MAX = 5;

  private final int packetBytesMax;

  /** Bytes of a packet that is passing. */
  private long passing;

  /** Bytes of an oversized packet that are still to come. */
  private long swallowing;

  private Oversized oversized;

  OversizeGuard(int payloadBytesMax) {
    packetBytesMax = packetBytesMax(payloadBytesMax);
  }

  /** The largest packet that carries a payload of the allowed size: topic, lengths, identifier. */
  static int packetBytesMax(int payloadBytesMax) {
    return payloadBytesMax + TOPIC_BYTES_MAX + 2 + 2;
  }

  /**
   * The decoder behind a guard. Netty counts the fixed header (1 byte, and a length of up to 4;
   * MQTT 3.1.1 section 2.2) into the limit of a packet.
   */
  static MqttDecoder decoder(int payloadBytesMax) {
    return new MqttDecoder(packetBytesMax(payloadBytesMax) + FIXED_HEADER_BYTES_MAX);
  }

  /**
   * @param payload the beginning of it
   * @param size length of the whole payload in bytes
   */
  record Oversized(String topic, int qos, int packetId, boolean dup, byte[] payload, long size) {}

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (swallowing > 0) {
      swallow(in, out);
      return;
    }
    int start = in.readerIndex();
    int allowed = allowed(in, start);
    if (allowed > 0) {
      out.add(in.readRetainedSlice(allowed));
    } else {
      begin(in, start, out);
    }
  }

  /** How many of the readable bytes belong to packets of an allowed size. */
  private int allowed(ByteBuf in, int start) {
    int end = in.writerIndex();
    long at = start + passing;
    while (at < end) {
      int header = headerLength(in, (int) at, end);
      if (header == 0 || remaining(in, (int) at, header) > packetBytesMax) {
        passing = 0;
        return (int) at - start;
      }
      at += header + remaining(in, (int) at, header);
    }
    passing = at - end;
    return end - start;
  }

  /**
   * Length of the fixed header at {@code at} (MQTT 3.1.1 section 2.2), 0 if it is not all there.
   */
  private static int headerLength(ByteBuf in, int at, int end) {
    for (int length = 2; length <= 5 && at + length <= end; length++) {
      if ((in.getByte(at + length - 1) & 0x80) == 0 || length == 5) {
        return length;
      }
    }
    return 0;
  }

  private static long remaining(ByteBuf in, int at, int header) {
    long remaining = 0;
    for (int i = 1; i < header; i++) {
      remaining |= (long) (in.getByte(at + i) & 0x7f) << (7 * (i - 1));
    }
    return remaining;
  }

  /** Reads the beginning of an oversized packet, once enough of it is there. */
  private void begin(ByteBuf in, int start, List<Object> out) {
    int header = headerLength(in, start, in.writerIndex());
    if (header == 0) {
      return;
    }
    long remaining = remaining(in, start, header);
    int flags = in.getByte(start) & 0xff;
    if (flags >> 4 != PUBLISH) {
      throw new IllegalStateException("a packet of " + remaining + " bytes that is no PUBLISH");
    }
    long enough = (long) header + Math.min(remaining, TOPIC_BYTES_MAX + 4 + KEPT_BYTES);
    if (in.readableBytes() < enough) {
      return;
    }
    int qos = flags >> 1 & 3;
    int topicLength = in.getUnsignedShort(start + header);
    String topic = in.toString(start + header + 2, topicLength, StandardCharsets.UTF_8);
    int variable = 2 + topicLength + (qos > 0 ? 2 : 0);
    int packetId = qos > 0 ? in.getUnsignedShort(start + header + 2 + topicLength) : 0;
    byte[] kept = new byte[(int) Math.min(KEPT_BYTES, remaining - variable)];
    in.getBytes(start + header + variable, kept);
    oversized = new Oversized(topic, qos, packetId, (flags & 8) != 0, kept, remaining - variable);
    swallowing = header + remaining;
    swallow(in, out); // at once: Netty calls again only after something was consumed
  }

  private void swallow(ByteBuf in, List<Object> out) {
    int bytes = (int) Math.min(swallowing, in.readableBytes());
    in.skipBytes(bytes);
    swallowing -= bytes;
    if (swallowing == 0) {
      out.add(oversized);
      oversized = null;
    }
  }
}
