package io.spillway.source;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.util.ReferenceCountUtil;
import io.spillway.source.BrokerAnswer.Connack;
import io.spillway.source.PublishGuard.Unfit;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Holds back what a broker sends in front of its CONNACK, as Artemis does when it takes up a
 * session (MQTT 3.1.1 section 3.2 wants the CONNACK first): these messages are of the connection
 * that begins with it, and are acknowledged there. Gone as soon as it has come.
 */
final class EarlyPackets extends ChannelInboundHandlerAdapter {
  /** Of messages of usual sizes; and then there is room for some of the largest. */
  private static final int BYTES_MAX = 16 << 20;

  private static final int LARGEST = 4;
  private static final int BYTES_EACH = 128;

  private final int bytesMax;
  private final Deque<Object> held = new ArrayDeque<>();
  private int bytes;

  EarlyPackets(int payloadBytesMax) {
    bytesMax = BYTES_MAX + LARGEST * payloadBytesMax;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object packet) {
    if (!(packet instanceof Connack connack)) {
      hold(packet);
      return;
    }
    context.fireChannelRead(packet);
    while (connack.code() == 0 && !held.isEmpty()) {
      context.fireChannelRead(held.poll());
    }
    context.pipeline().remove(this);
  }

  private void hold(Object packet) {
    held.add(packet);
    bytes += BYTES_EACH + payloadBytes(packet);
    if (bytes > bytesMax) {
      throw new DecoderException(
          ("more than %,d bytes before a CONNACK: let the broker send fewer messages that are not"
                  + " acknowledged, or set a larger edge.mqtt.maxMessageBytes, of which there is"
                  + " room for %d more")
              .formatted(bytesMax, LARGEST));
    }
  }

  private static int payloadBytes(Object packet) {
    if (packet instanceof MqttPublishMessage publish) {
      return publish.payload().readableBytes();
    }
    return packet instanceof Unfit unfit ? unfit.payload().length : 0;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    release();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    release();
  }

  private void release() {
    held.forEach(ReferenceCountUtil::release);
    held.clear();
  }
}
