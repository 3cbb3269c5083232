package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.util.ReferenceCountUtil;
import io.spillway.source.OversizeGuard.Oversized;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The guard against oversized packets")
class OversizeGuardTest {
  private static final int LIMIT = 1_000;
  private static final int LARGE = 1 << 20;

  private final EmbeddedChannel channel =
      new EmbeddedChannel(new OversizeGuard(LIMIT), OversizeGuard.decoder(LIMIT));

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  @DisplayName("lets small packets pass, cut at any byte")
  void everyCut() {
    ByteBuf packets = Unpooled.buffer();
    packets.writeBytes(publish("a/b", 1, 7, "{\"n\":1}", false));
    packets.writeBytes(new byte[] {(byte) 0xd0, 0}); // PINGRESP
    packets.writeBytes(publish("t/é", 0, 0, "x".repeat(200), false));
    packets.writeBytes(publish("c", 1, 65_535, "", true));
    byte[] bytes = ByteBufUtil.getBytes(packets);
    for (int cut = 0; cut <= bytes.length; cut++) {
      feed(bytes, 0, cut);
      feed(bytes, cut, bytes.length);
      assertThat(received())
          .as("cut at %d", cut)
          .containsExactly("a/b 1 7 7", "PINGRESP", "t/é 0 0 200", "c 1 65535 dup 0");
    }
    for (byte one : bytes) {
      feed(new byte[] {one}, 0, 1);
    }
    assertThat(received()).hasSize(4);
  }

  @Test
  @DisplayName("swallows a packet of 1 MB between small ones, in order, and tells of it")
  void large() {
    for (int qos = 0; qos <= 1; qos++) {
      feed(publish("before", 1, 1, "{}", false));
      feed(publish("big/topic", qos, qos * 513, "y".repeat(LARGE), qos == 1));
      feed(publish("after", 1, 3, "{}", false));
      assertThat(received())
          .containsExactly(
              "before 1 1 2",
              "oversized big/topic "
                  + (qos == 0 ? "0 0" : "1 513 dup")
                  + " "
                  + LARGE
                  + " kept 16384 y",
              "after 1 3 2");
    }
  }

  @Test
  @DisplayName("swallows it in pieces of any size, whatever stands around it")
  void pieces() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      ByteBuf all = Unpooled.buffer();
      List<String> expected = new ArrayList<>();
      for (int packet = 1 + random.nextInt(8); packet > 0; packet--) {
        int size = random.nextInt(3) == 0 ? 100_000 + random.nextInt(300_000) : random.nextInt(900);
        int qos = random.nextInt(2);
        int id = qos * (1 + random.nextInt(65_535));
        all.writeBytes(publish("t/" + packet, qos, id, "y".repeat(size), false));
        expected.add(
            size > 99_999
                ? "oversized t/" + packet + " " + qos + " " + id + " " + size + " kept 16384 y"
                : "t/" + packet + " " + qos + " " + id + " " + size);
      }
      byte[] bytes = ByteBufUtil.getBytes(all);
      int at = 0;
      while (at < bytes.length) {
        int end =
            Math.min(bytes.length, at + 1 + random.nextInt(random.nextBoolean() ? 10 : 90_000));
        feed(bytes, at, end);
        at = end;
      }
      assertThat(received()).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  @DisplayName("lets a payload that is just allowed pass, with the longest topic there is")
  void justAllowed() {
    String topic = "t".repeat(65_535);
    feed(publish(topic, 1, 7, "z".repeat(LIMIT), false));
    assertThat(received()).containsExactly(topic + " 1 7 " + LIMIT);
  }

  @Test
  @DisplayName("keeps no more of it in memory than its beginning")
  void memory() {
    byte[] large = publish("t", 1, 1, "y".repeat(4 * LARGE), false);
    OversizeGuard guard = channel.pipeline().get(OversizeGuard.class);
    int most = 0;
    for (int at = 0; at < large.length; at += 8_192) {
      feed(large, at, Math.min(large.length, at + 8_192));
      // Netty's decoder keeps what was not consumed; its size is not public, its effect is.
      most = Math.max(most, channel.inboundMessages().size());
    }
    assertThat(guard).isNotNull();
    assertThat(most).isLessThanOrEqualTo(1);
    assertThat(received()).hasSize(1);
  }

  @Test
  @DisplayName("tells of a packet that is only just too large, though nothing follows it")
  void justTooLarge() {
    for (int size = 66_000; size < 84_000; size += 499) {
      byte[] packet = publish("t", 1, 7, "y".repeat(size), false);
      boolean allowed = packet.length - 4 <= OversizeGuard.packetBytesMax(LIMIT);
      feed(packet);
      assertThat(received())
          .as("%d", size)
          .containsExactly(allowed ? "t 1 7 " + size : "oversized t 1 7 " + size + " kept 16384 y");
    }
    String topic = "t".repeat(65_535);
    feed(publish(topic, 1, 7, "y".repeat(LIMIT + 100), false));
    assertThat(received())
        .containsExactly("oversized " + topic + " 1 7 " + (LIMIT + 100) + " kept 1100 y");
  }

  @Test
  @DisplayName("refuses a packet of that size that is no PUBLISH")
  void noPublish() {
    byte[] suback = {(byte) 0x90, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f, 0, 0};
    assertThatThrownBy(() -> feed(suback)).hasMessageContaining("no PUBLISH");
    assertThatThrownBy(channel::finishAndReleaseAll).hasMessageContaining("no PUBLISH");
  }

  private void feed(byte[] bytes) {
    feed(bytes, 0, bytes.length);
  }

  private void feed(byte[] bytes, int from, int to) {
    channel.writeInbound(Unpooled.copiedBuffer(bytes, from, to - from));
  }

  private List<String> received() {
    List<String> received = new ArrayList<>();
    Object packet;
    while ((packet = channel.readInbound()) != null) {
      received.add(text(packet));
      ReferenceCountUtil.release(packet);
    }
    return received;
  }

  private static String text(Object packet) {
    if (packet instanceof Oversized big) {
      return "oversized %s %d %d%s %d kept %d %c"
          .formatted(
              big.topic(),
              big.qos(),
              big.packetId(),
              big.dup() ? " dup" : "",
              big.size(),
              big.payload().length,
              (char) big.payload()[0]);
    }
    if (packet instanceof MqttPublishMessage publish) {
      int qos = publish.fixedHeader().qosLevel().value();
      return "%s %d %d%s %d"
          .formatted(
              publish.variableHeader().topicName(),
              qos,
              qos == 0 ? 0 : publish.variableHeader().packetId(),
              publish.fixedHeader().isDup() ? " dup" : "",
              publish.payload().readableBytes());
    }
    return ((MqttMessage) packet).fixedHeader().messageType().toString();
  }

  private static byte[] publish(String topic, int qos, int id, String payload, boolean dup) {
    MqttPublishMessage built =
        MqttMessageBuilders.publish()
            .topicName(topic)
            .qos(MqttQoS.valueOf(qos))
            .messageId(qos == 0 ? 1 : id)
            .payload(Unpooled.copiedBuffer(payload, StandardCharsets.UTF_8))
            .build();
    EmbeddedChannel encoder = new EmbeddedChannel(MqttEncoder.INSTANCE);
    encoder.writeOutbound(built);
    ByteBuf encoded = Unpooled.buffer();
    ByteBuf part;
    while ((part = encoder.readOutbound()) != null) {
      encoded.writeBytes(part);
      part.release();
    }
    byte[] bytes = ByteBufUtil.getBytes(encoded);
    if (dup) {
      bytes[0] |= 8;
    }
    return bytes;
  }
}
