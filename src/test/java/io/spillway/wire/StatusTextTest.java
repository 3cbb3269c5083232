package io.spillway.wire;

import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.LastFault;
import io.spillway.bus.RoleState;
import io.spillway.wire.WireMessage.Status;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A status on the wire")
class StatusTextTest {
  private static final Fault REFUSED =
      new Fault(FaultKind.REFUSED, "connection refused; is it running?");
  private static final RoleState SOURCE =
      new RoleState(
          "source",
          "spillway-attic",
          "p1",
          REFUSED,
          3,
          17,
          Map.of("messages", 20L),
          new LastFault(REFUSED, 4_000, 0));
  private static final RoleState UPLINK =
      new RoleState("uplink", "attic", "p1", Fault.NONE, 0, 5, Map.of(), LastFault.NONE);

  @Test
  @DisplayName("looks as the protocol says, and is read as it was written")
  void roundTrip() throws WireException {
    Status status = new Status(List.of(SOURCE, UPLINK));
    String text = Wire.encode(status);
    assertThat(text)
        .isEqualTo(
            "{\"type\":\"status\",\"roles\":[{\"role\":\"source\",\"instance\":\"spillway-attic\","
                + "\"process\":\"p1\",\"waiting\":3,\"done\":17,\"counters\":{\"messages\":20},"
                + "\"fault\":\"connection refused; is it running?\",\"kind\":\"refused\","
                + "\"lastFault\":{\"words\":\"connection refused; is it running?\","
                + "\"kind\":\"refused\",\"beganAgoMs\":4000,\"endedAgoMs\":0}},"
                + "{\"role\":\"uplink\",\"instance\":\"attic\",\"process\":\"p1\",\"waiting\":0,"
                + "\"done\":5,\"counters\":{}}]}");
    assertThat(Wire.isStatus(utf8(text))).isTrue();
    assertThat(Wire.decode(utf8(text))).isEqualTo(status);
  }

  @Test
  @DisplayName(
      "is as short as the server wants it, with as much of every fault as there is room for")
  void shortened() throws WireException {
    Fault unreachable = new Fault(FaultKind.OTHER, "no route to host ".repeat(30));
    RoleState source =
        new RoleState(
            "source",
            "attic",
            "p1",
            unreachable,
            3,
            17,
            Map.of(),
            new LastFault(unreachable, 4_000, 0));
    Status status = new Status(List.of(source, UPLINK, source, UPLINK));
    for (int bytesMax = 64; bytesMax < 3_000; bytesMax++) {
      String text = Wire.encode(status, bytesMax);
      assertThat(utf8(text).length).isLessThanOrEqualTo(bytesMax);
      int roles = ((Status) Wire.decode(utf8(text))).roles().size();
      assertThat(roles).isGreaterThanOrEqualTo(bytesMax >= 1_024 ? 4 : bytesMax >= 400 ? 1 : 0);
    }
  }

  @Test
  @DisplayName("of an edge of version 0.1 names no kinds of faults, which its words then tell")
  void withoutKinds() throws WireException {
    String text = Wire.encode(new Status(List.of(SOURCE))).replace("\"kind\":\"refused\",", "");
    assertThat(text).doesNotContain("kind");
    assertThat(Wire.decode(utf8(text))).isEqualTo(new Status(List.of(SOURCE)));
  }

  @Test
  @DisplayName("holds as many roles as there is room for")
  void room() throws WireException {
    RoleState wordy =
        new RoleState(
            "source",
            "é".repeat(900),
            "p",
            new Fault(FaultKind.OTHER, "ü".repeat(9_000)),
            0,
            0,
            Map.of(),
            LastFault.NONE);
    String text = Wire.encode(new Status(Collections.nCopies(100, wordy)));
    assertThat(utf8(text).length).isLessThanOrEqualTo(16_384);
    assertThat(((Status) Wire.decode(utf8(text))).roles()).hasSizeBetween(10, 16);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"status\"}",
        "{\"type\":\"status\",\"roles\":7}",
        "{\"type\":\"status\",\"roles\":[7,null,[],{}]}",
        "{\"type\":\"status\",\"roles\":[{\"role\":\"<b>\"},{\"role\":9},{\"role\":\"\"}]}"
      })
  @DisplayName("without a role that can be read has none")
  void none(String text) throws WireException {
    assertThat(Wire.decode(utf8(text))).isEqualTo(new Status(List.of()));
  }

  @Test
  @DisplayName("is cut to size where it is too large, and brought within bounds")
  void clamped() throws WireException {
    String counters =
        String.join(",", Collections.nCopies(1, "\"a b\":1,\"ok\":5,\"f\":1.5,\"t\":\"x\""));
    String text =
        "{\"type\":\"status\",\"roles\":[{\"role\":\"source\",\"instance\":\"a\\u0000\\nb\",\"fault\":\""
            + "\ud83d\ude00".repeat(400)
            + "\",\"waiting\":-5,\"done\":9223372036854775807,\"counters\":{"
            + counters
            + "},\"lastFault\":[]}]}";
    RoleState role = ((Status) Wire.decode(utf8(text))).roles().get(0);
    assertThat(role.instance()).isEqualTo("a  b");
    assertThat(role.fault().words()).hasSizeLessThanOrEqualTo(400).endsWith("\ude00…");
    assertThat(role.waiting()).isZero();
    assertThat(role.done()).isEqualTo((1L << 53) - 1);
    assertThat(role.counters()).isEqualTo(Map.of("ok", 5L, "f", 0L, "t", 0L));
    assertThat(role.lastFault()).isEqualTo(LastFault.NONE);
  }

  @Test
  @DisplayName("is refused as a whole when it is longer than any of ours, or no JSON")
  void refused() {
    String long16 = "{\"type\":\"status\",\"x\":\"" + "x".repeat(16_384) + "\"}";
    assertThatThrownBy(() -> Wire.decode(utf8(long16))).hasMessageContaining("longer than 16384");
    assertThatThrownBy(() -> Wire.decode(utf8("{\"type\":\"status\",")))
        .isInstanceOf(WireException.class);
    String deep = "{\"type\":\"status\",\"roles\":" + "[".repeat(16_000) + "}";
    assertThatThrownBy(() -> Wire.decode(utf8(deep))).isInstanceOf(WireException.class);
  }

  @Test
  @DisplayName("that is damaged is read or refused, and nothing else happens")
  void fuzz() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    byte[] good = utf8(Wire.encode(new Status(List.of(SOURCE, UPLINK))));
    int read = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] text = good.clone();
      for (int change = random.nextInt(4); change > 0; change--) {
        text[random.nextInt(text.length)] = (byte) random.nextInt(256);
      }
      text = Arrays.copyOf(text, random.nextInt(4) > 0 ? text.length : random.nextInt(text.length));
      try {
        Wire.decode(text);
        read++;
      } catch (WireException e) {
        assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(read).isPositive();
  }
}
