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
import io.spillway.message.RejectionKind;
import io.spillway.source.BrokerAnswer.Connack;
import io.spillway.source.BrokerAnswer.Suback;
import io.spillway.source.PublishGuard.Unfit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The guard before the decoder")
class PublishGuardTest {
  private static final int LIMIT = 1_000;
  private static final int LARGE = 1 << 20;

  private final EmbeddedChannel channel =
      new EmbeddedChannel(new PublishGuard(LIMIT), PublishGuard.decoder(LIMIT));

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
    PublishGuard guard = channel.pipeline().get(PublishGuard.class);
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
      boolean allowed = packet.length - 4 <= PublishGuard.packetBytesMax(LIMIT);
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

  @ParameterizedTest(name = "{1}")
  @CsvSource({
    "61ff,not valid UTF-8",
    "c380eda080,not valid UTF-8",
    "6100,U+0000",
    "612f2b,wildcard",
    "23,wildcard"
  })
  @DisplayName("takes out a message whose topic is none, cut at any byte, with all of its payload")
  void illegalTopic(String topic, String mistake) {
    byte[] name = HexFormat.of().parseHex(topic);
    byte[] wrong = publish("x".repeat(name.length), 1, 513, "y".repeat(LIMIT), true);
    System.arraycopy(name, 0, wrong, wrong.length - LIMIT - 2 - name.length, name.length);
    ByteBuf packets = Unpooled.buffer();
    packets.writeBytes(publish("before", 1, 1, "{}", false));
    packets.writeBytes(wrong);
    packets.writeBytes(publish("after/é", 1, 3, "{}", false));
    byte[] bytes = ByteBufUtil.getBytes(packets);
    for (int cut = 0; cut <= bytes.length; cut++) {
      feed(bytes, 0, cut);
      feed(bytes, cut, bytes.length);
      List<String> received = received();
      assertThat(received).as("cut at %d", cut).hasSize(3);
      assertThat(received.get(0)).isEqualTo("before 1 1 2");
      assertThat(received.get(1)).contains(mistake).endsWith("1 513 dup 1000 kept 1000 y");
      assertThat(received.get(2)).isEqualTo("after/é 1 3 2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3000", "300100", "32050009616263", "3204000161ff", "3203000161"})
  @DisplayName("refuses a message that is shorter than its topic, behind what came before it")
  void contradiction(String packet) {
    ByteBuf packets = Unpooled.buffer();
    packets.writeBytes(publish("before", 1, 1, "{}", false));
    packets.writeBytes(HexFormat.of().parseHex(packet));
    byte[] bytes = ByteBufUtil.getBytes(packets);
    assertThatThrownBy(() -> feed(bytes)).hasMessageContaining("shorter than its topic");
    assertThat(received()).containsExactly("before 1 1 2"); // or it would never get through
    assertThatThrownBy(channel::finishAndReleaseAll).hasMessageContaining("shorter");
  }

  @ParameterizedTest
  @ValueSource(strings = {"32050001610000", "36050001610001"})
  @DisplayName("leaves a message with the identifier 0, or QoS 3, to the decoder, which refuses it")
  void malformed(String packet) {
    feed(HexFormat.of().parseHex(packet));
    MqttMessage refused = channel.readInbound();
    assertThat(refused.decoderResult().isFailure()).isTrue();
  }

  @Test
  @DisplayName("reads every code of a CONNACK and a SUBACK, wherever they are cut")
  void codes() {
    for (int code = 0; code <= 0xff; code++) {
      byte[] bytes = {
        0x20, 2, 1, (byte) code, (byte) 0x90, 4, 0x12, 0x34, 1, (byte) code, (byte) 0xd0, 0
      };
      for (int cut = 0; cut <= bytes.length; cut++) {
        feed(bytes, 0, cut);
        feed(bytes, cut, bytes.length);
        assertThat(channel.<Object>readInbound()).isEqualTo(new Connack(true, code));
        assertThat(channel.<Object>readInbound()).isEqualTo(new Suback(0x1234, List.of(1, code)));
        assertThat(received()).containsExactly("PINGRESP");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"200101", "2000", "900109", "9000"})
  @DisplayName("refuses a CONNACK or SUBACK without all that it must have")
  void shortAnswer(String packet) {
    assertThatThrownBy(() -> feed(HexFormat.of().parseHex(packet)))
        .hasMessageContaining("too short");
  }

  @Test
  @DisplayName("refuses a length that does not end, and does not wait for all that it might be")
  void endlessLength() {
    byte[] endless = {0x32, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1};
    assertThatThrownBy(() -> feed(endless)).hasMessageContaining("more than 4 bytes");
    assertThatThrownBy(channel::finishAndReleaseAll).hasMessageContaining("more than 4 bytes");
  }

  @Test
  @DisplayName("refuses a message at QoS 3 that the decoder would not see, as its topic is none")
  void noSuchQos() {
    byte[] publish = HexFormat.of().parseHex("3609" + "0003612f2b" + "0007" + "7b7d");
    assertThatThrownBy(() -> feed(publish)).hasMessageContaining("QoS 3");
    assertThatThrownBy(channel::finishAndReleaseAll).hasMessageContaining("QoS 3");
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
    if (packet instanceof Unfit big) {
      return "%s %s %d %d%s %d kept %d %c"
          .formatted(
              big.why().kind() == RejectionKind.TOO_LARGE ? "oversized" : big.why().getMessage(),
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
