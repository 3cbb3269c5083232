package io.spillway.server.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** A filter between a browser and a broker that both speak MQTT with Netty's codec. */
final class Wires implements PacketFilter.Outlet {
  private final EmbeddedChannel encoder = new EmbeddedChannel(MqttEncoder.INSTANCE);
  private final EmbeddedChannel browserDecoder = new EmbeddedChannel(new MqttDecoder(1 << 20, 100));
  private final EmbeddedChannel brokerDecoder = new EmbeddedChannel(new MqttDecoder(1 << 20, 100));
  private final ByteArrayOutputStream brokerBytes = new ByteArrayOutputStream();
  private final PacketFilter filter;

  Wires(PacketFilter filter) {
    this.filter = filter;
  }

  /** Has the browser and the broker agree on a version; gives what the browser sent for it. */
  byte[] connect(MqttVersion version) throws Violation {
    byte[] connect = encode(connectAs(version).build());
    connect(connect);
    return connect;
  }

  static MqttMessageBuilders.ConnectBuilder connectAs(MqttVersion version) {
    return MqttMessageBuilders.connect().protocolVersion(version).clientId("page-1");
  }

  void connect(byte[] packet) throws Violation {
    learn(browserDecoder, packet);
    filter.fromBrowser(packet, this);
    drain(brokerDecoder);
    brokerBytes.reset();
  }

  /** A decoder learns the version from a CONNECT. */
  private static void learn(EmbeddedChannel decoder, byte[] connect) {
    decoder.writeInbound(Unpooled.wrappedBuffer(connect));
    decoder.inboundMessages().clear();
  }

  byte[] encode(MqttMessage message) {
    encoder.writeOutbound(message);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
      bytes.writeBytes(ByteBufUtil.getBytes(part));
      part.release();
    }
    return bytes.toByteArray();
  }

  /** The browser sends; gives the bytes. */
  byte[] browserSends(MqttMessage message) throws Violation {
    byte[] bytes = encode(message);
    filter.fromBrowser(bytes, this);
    return bytes;
  }

  /** Bytes that need not be MQTT. */
  void browserSends(byte[] bytes) throws Violation {
    filter.fromBrowser(bytes, this);
  }

  void brokerSends(MqttMessage message) throws Violation {
    filter.fromBroker(encode(message), this);
  }

  /** What the browser has got since it was asked last. */
  List<MqttMessage> atBrowser() {
    return drain(browserDecoder);
  }

  List<MqttMessage> atBroker() {
    return drain(brokerDecoder);
  }

  /** The bytes that came to the broker since it was asked last. */
  byte[] brokerBytes() {
    byte[] bytes = brokerBytes.toByteArray();
    brokerBytes.reset();
    return bytes;
  }

  @Override
  public void toBroker(byte[] bytes, int from, int to) {
    brokerBytes.write(bytes, from, to - from);
    brokerDecoder.writeInbound(Unpooled.copiedBuffer(bytes, from, to - from));
  }

  @Override
  public void toBrowser(byte[] bytes, int from, int to) {
    browserDecoder.writeInbound(Unpooled.copiedBuffer(bytes, from, to - from));
  }

  private static List<MqttMessage> drain(EmbeddedChannel decoder) {
    List<MqttMessage> messages = new ArrayList<>();
    for (MqttMessage next = decoder.readInbound(); next != null; next = decoder.readInbound()) {
      if (next.decoderResult().isFailure()) {
        throw new AssertionError(next.decoderResult().cause());
      }
      messages.add(next);
    }
    return messages;
  }
}
