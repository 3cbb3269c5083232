package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.spillway.source.BrokerAnswer.Connack;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a broker sends before its CONNACK")
class EarlyPacketsTest {
  private static final int MESSAGE_BYTES_MAX = 4_194_304; // the most that can be configured

  private final EmbeddedChannel channel = channel();

  @Test
  @DisplayName("comes behind it, in order, and then nothing is held back any more")
  void behind() {
    Connack connack = new Connack(true, 0);
    MqttPublishMessage first = publish(1);
    MqttPublishMessage second = publish(1);
    channel.writeInbound(first, second);
    assertThat(channel.<Object>readInbound()).isNull();
    channel.writeInbound(connack);
    assertThat(channel.<Object>readInbound()).isSameAs(connack);
    assertThat(channel.<Object>readInbound()).isSameAs(first);
    assertThat(channel.<Object>readInbound()).isSameAs(second);
    assertThat(channel.pipeline().get(EarlyPackets.class)).isNull();
  }

  @Test
  @DisplayName("is dropped where the broker refuses, or goes")
  void dropped() {
    MqttPublishMessage publish = publish(1);
    channel.writeInbound(publish, new Connack(false, 5));
    assertThat(channel.<Object>readInbound()).isInstanceOf(Connack.class);
    assertThat(channel.<Object>readInbound()).isNull();
    assertThat(publish.refCnt()).isZero();

    EmbeddedChannel gone = channel();
    MqttPublishMessage late = publish(1);
    gone.writeInbound(late);
    gone.close().syncUninterruptibly();
    assertThat(late.refCnt()).isZero();
  }

  @Test
  @DisplayName("may be several of the largest messages")
  void largest() {
    for (int i = 0; i < 4; i++) {
      channel.writeInbound(publish(MESSAGE_BYTES_MAX));
    }
    channel.writeInbound(new Connack(true, 0));
    assertThat(channel.inboundMessages()).hasSize(5);
    channel.releaseInbound();
  }

  @Test
  @DisplayName("is bounded, in bytes and in number, and the fault says what to set")
  void bounded() {
    assertThatThrownBy(() -> channel.writeInbound(publish(9 * MESSAGE_BYTES_MAX)))
        .hasMessageContaining("before a CONNACK")
        .hasMessageContaining("let the broker send fewer")
        .hasMessageContaining("edge.mqtt.maxMessageBytes");
    assertThatThrownBy(
            () -> {
              EmbeddedChannel many = channel();
              for (int i = 0; i < 300_000; i++) {
                many.writeInbound(publish(0));
              }
            })
        .hasMessageContaining("before a CONNACK");
  }

  private static EmbeddedChannel channel() {
    return new EmbeddedChannel(new EarlyPackets(MESSAGE_BYTES_MAX));
  }

  private static MqttPublishMessage publish(int bytes) {
    ByteBuf payload = Unpooled.wrappedBuffer(new byte[bytes]);
    return MqttMessageBuilders.publish()
        .topicName("a")
        .qos(MqttQoS.AT_LEAST_ONCE)
        .messageId(1)
        .payload(payload)
        .build();
  }
}
