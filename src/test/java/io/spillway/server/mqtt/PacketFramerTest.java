package io.spillway.server.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.wire.CloseCode;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

@DisplayName("The framer")
class PacketFramerTest {
  private static final int MAX = 40_000;

  @RepeatedTest(30)
  @DisplayName("gives the same packets however the stream is cut")
  void anySplit(RepetitionInfo repetition) throws Violation {
    Random random = new Random(repetition.getCurrentRepetition());
    List<byte[]> sent = new ArrayList<>();
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (int i = 0; i < 60; i++) {
      int size = random.nextInt(5) == 0 ? random.nextInt(30_000) : random.nextInt(200);
      byte[] body = new byte[size];
      random.nextBytes(body);
      byte[] packet = Packet.of(0x30, body);
      sent.add(packet);
      stream.writeBytes(packet);
    }
    byte[] all = stream.toByteArray();
    int most = 1 << random.nextInt(17);
    PacketFramer framer = new PacketFramer(MAX);
    List<byte[]> got = new ArrayList<>();
    for (int at = 0; at < all.length; ) {
      int end = Math.min(all.length, at + 1 + random.nextInt(most));
      framer.add(Arrays.copyOfRange(all, at, end), packet -> got.add(copy(packet)));
      at = end;
    }

    assertThat(got).hasSameSizeAs(sent);
    for (int i = 0; i < sent.size(); i++) {
      assertThat(got.get(i)).isEqualTo(sent.get(i));
    }
    assertThat(framer.heldCount()).isZero();
  }

  @Test
  @DisplayName("takes a packet of the allowed size, and refuses one more byte by its header alone")
  void tooBig() throws Violation {
    List<byte[]> got = new ArrayList<>();
    new PacketFramer(1_000).add(Packet.of(0x30, new byte[997]), packet -> got.add(copy(packet)));
    assertThat(got).hasSize(1);

    byte[] header = Arrays.copyOf(Packet.of(0x30, new byte[998]), 3);
    assertThatThrownBy(() -> new PacketFramer(1_000).add(header, packet -> {}))
        .isInstanceOfSatisfying(
            Violation.class, refused -> assertThat(refused.code()).isEqualTo(CloseCode.TOO_BIG))
        .hasMessage("a packet of 1001 bytes; server.mqtt.maxPacketBytes is 1000");
  }

  @Test
  @DisplayName("refuses a remaining length of five bytes")
  void badLength() {
    byte[] bytes = {0x30, -1, -1, -1, -1, 1};

    assertThatThrownBy(() -> new PacketFramer(MAX).add(bytes, packet -> {}))
        .hasMessage("not MQTT: a remaining length of more than 4 bytes");
  }

  @Test
  @DisplayName("keeps no more of a packet than has come")
  void heldBytes() throws Violation {
    PacketFramer framer = new PacketFramer(MAX);
    framer.add(new byte[] {0x30, (byte) 0xff, 0x7f}, packet -> {});
    framer.add(new byte[10], packet -> {});

    assertThat(framer.heldCount()).isEqualTo(13);
  }

  private static byte[] copy(Packet packet) {
    return Arrays.copyOfRange(packet.bytes(), packet.from(), packet.to());
  }
}
