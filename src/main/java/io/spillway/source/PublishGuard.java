package io.spillway.source;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.util.ByteProcessor;
import io.spillway.message.RejectedPayload;
import io.spillway.message.RejectionKind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Stands before the MQTT decoder and lets pass what that can read. A PUBLISH that is too large, or
 * whose topic is none (MQTT 3.1.1 sections 1.5.3, 3.3.2.1 and 4.7.3), is taken out and passed on as
 * {@link Unfit}, with its packet identifier: a decoder that gave up on it would close the
 * connection, and the broker would deliver it again for ever. A {@link BrokerAnswer} is read here
 * as well, with all codes that there are.
 */
final class PublishGuard extends ByteToMessageDecoder {
  /** What is kept of the payload of an oversized message, in bytes. */
  static final int KEPT_BYTES = 16 * 1024;

  private static final int PUBLISH = 3;

  /** The bits of the QoS in the first byte of a PUBLISH (section 3.3.1.2). */
  private static final int QOS = 6;

  private static final int TOPIC_BYTES_MAX = 65_535;
  private static final int FIXED_HEADER_BYTES_MAX = 5;

  /** Stops at what may be wrong in a topic: most have nothing but ASCII. */
  private static final ByteProcessor PLAIN = b -> b > 0 && b != '+' && b != '#';

  private final int packetBytesMax;

  /** Bytes of a packet that is passing. */
  private long passing;

  /** Bytes of an oversized packet that are still to come. */
  private long swallowing;

  private Unfit unfit;

  PublishGuard(int payloadBytesMax) {
    packetBytesMax = packetBytesMax(payloadBytesMax);
  }

  /** Puts a guard, and the codec that it guards, in front of the handler of Vert.x. */
  static void addWithCodec(ChannelPipeline pipeline, int payloadBytesMax) {
    pipeline.addBefore("handler", "guard", new PublishGuard(payloadBytesMax));
    pipeline.addBefore("handler", "decoder", decoder(payloadBytesMax));
    pipeline.addBefore("handler", "encoder", MqttEncoder.INSTANCE);
    pipeline.addBefore("handler", "early", new EarlyPackets(payloadBytesMax));
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
   * A message that cannot become a record, whatever its payload is.
   *
   * @param payload all of it, or its beginning if it is too large
   * @param size length of the whole payload in bytes
   * @param why for a person
   */
  record Unfit(
      String topic,
      int qos,
      int packetId,
      boolean dup,
      boolean retained,
      byte[] payload,
      long size,
      RejectedPayload why) {}

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
      if (header == 0 || !passes(in, (int) at, header)) {
        passing = 0;
        return (int) at - start;
      }
      at += header + remaining(in, (int) at, header);
    }
    passing = at - end;
    return end - start;
  }

  /** Whether the packet is allowed, as far as it is here; not before its topic is. */
  private boolean passes(ByteBuf in, int at, int header) {
    long remaining = remaining(in, at, header);
    if (remaining > packetBytesMax) {
      return false;
    }
    int type = (in.getByte(at) & 0xff) >> 4;
    if (type != PUBLISH) {
      return !BrokerAnswer.isType(type);
    }
    int topic = at + header + 2;
    if (topic > in.writerIndex()) {
      return false;
    }
    int length = in.getUnsignedShort(topic - 2);
    return topic + length <= in.writerIndex()
        && 2 + length + packetIdBytes(in.getByte(at)) <= remaining
        && mistake(in, topic, length) == null;
  }

  /** How long the packet identifier is: at QoS 0 there is none. */
  private static int packetIdBytes(int flags) {
    return (flags & QOS) == 0 ? 0 : 2;
  }

  /** What is wrong with a topic; null if nothing is. */
  private static String mistake(ByteBuf in, int topic, int length) {
    if (in.forEachByte(topic, length, PLAIN) < 0) {
      return length == 0 ? "its topic is empty" : null;
    }
    byte[] bytes = new byte[length];
    in.getBytes(topic, bytes);
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return "its topic is not valid UTF-8";
    }
    if (text.indexOf('\0') >= 0) {
      return "its topic contains U+0000";
    }
    return text.indexOf('+') >= 0 || text.indexOf('#') >= 0
        ? "its topic contains a wildcard, + or #"
        : null;
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

  /** Reads a packet that does not pass, once enough of it is there to say why. */
  private void begin(ByteBuf in, int start, List<Object> out) {
    int header = headerLength(in, start, in.writerIndex());
    if (header == 0) {
      return;
    }
    if (in.getByte(start + header - 1) < 0) {
      throw new DecoderException("a remaining length of more than 4 bytes"); // section 2.2.3
    }
    long remaining = remaining(in, start, header);
    boolean large = remaining > packetBytesMax;
    int flags = in.getByte(start) & 0xff;
    if (large && flags >> 4 != PUBLISH) {
      throw new IllegalStateException("a packet of " + remaining + " bytes that is no PUBLISH");
    }
    if (flags >> 4 != PUBLISH) {
      if (in.readableBytes() >= header + remaining) {
        in.skipBytes(header);
        out.add(BrokerAnswer.read(flags >> 4, in.readSlice((int) remaining)));
      }
      return;
    }
    long enough = large ? Math.min(remaining, TOPIC_BYTES_MAX + 4 + KEPT_BYTES) : remaining;
    if (in.readableBytes() < header + enough) {
      return;
    }
    int qos = (flags & QOS) >> 1;
    if (qos == 3) {
      throw new DecoderException("a PUBLISH at QoS 3"); // section 3.3.1.2
    }
    int topicAt = start + header + 2;
    int topicLength = remaining < 2 ? 0 : in.getUnsignedShort(topicAt - 2);
    int variable = 2 + topicLength + packetIdBytes(flags);
    if (variable > remaining) { // the decoder would read on into the next packet
      throw new DecoderException("a PUBLISH of " + remaining + " bytes is shorter than its topic");
    }
    String topic = in.toString(topicAt, topicLength, StandardCharsets.UTF_8);
    int packetId = qos > 0 ? in.getUnsignedShort(topicAt + topicLength) : 0;
    long size = remaining - variable;
    byte[] kept = new byte[(int) Math.min(large ? KEPT_BYTES : packetBytesMax, size)];
    in.getBytes(start + header + variable, kept);
    String mistake = mistake(in, topicAt, topicLength);
    unfit =
        new Unfit(
            topic,
            qos,
            packetId,
            (flags & 8) != 0,
            (flags & 1) != 0,
            kept,
            size,
            mistake == null
                ? Received.tooLarge(size)
                : new RejectedPayload(RejectionKind.TOPIC, mistake));
    swallowing = header + remaining;
    swallow(in, out); // at once: Netty calls again only after something was consumed
  }

  private void swallow(ByteBuf in, List<Object> out) {
    int bytes = (int) Math.min(swallowing, in.readableBytes());
    in.skipBytes(bytes);
    swallowing -= bytes;
    if (swallowing == 0) {
      out.add(unfit);
      unfit = null;
    }
  }
}
