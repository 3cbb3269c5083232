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
  private final EmbeddedChannel channel = new EmbeddedChannel(new EarlyPackets());

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

    EmbeddedChannel gone = new EmbeddedChannel(new EarlyPackets());
    MqttPublishMessage late = publish(1);
    gone.writeInbound(late);
    gone.close().syncUninterruptibly();
    assertThat(late.refCnt()).isZero();
  }

  @Test
  @DisplayName("is bounded, in bytes and in number")
  void bounded() {
    assertThatThrownBy(() -> channel.writeInbound(publish(EarlyPackets.BYTES_MAX)))
        .hasMessageContaining("before a CONNACK");
    assertThatThrownBy(
            () -> {
              EmbeddedChannel many = new EmbeddedChannel(new EarlyPackets());
              for (int i = 0; i < 100_000; i++) {
                many.writeInbound(publish(0));
              }
            })
        .hasMessageContaining("before a CONNACK");
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
