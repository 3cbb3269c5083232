package io.spillway.bus;

import static io.spillway.message.Texts.lines;
import static io.spillway.message.Texts.texts;
import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import io.spillway.redelivery.Habit;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("On its way to another host")
class CodecsTest {
  @Test
  @DisplayName("a chunk stays the same, whatever bytes are in front of it and behind")
  void chunk() {
    byte[] block = utf8("xx{\"a\":\"é\"}\n{}\nyy");
    Chunk sent =
        new Chunk(
            Long.MIN_VALUE + 7,
            true,
            new Lines(block, 2, block.length - 2, 2),
            List.of(
                new Arrival(65_535, -1, true, 2),
                new Arrival(Arrival.Kind.HELD, 7, 8, false, 0),
                Arrival.release(9)),
            List.of(new Rejected("t/ü", 5, "why \"not\"", new byte[] {0, -1, 10}, 900)),
            true,
            new ReadOn(7, Habit.RISES, 3));
    Chunk got = throughBytes(sent, Chunk::encode, Chunk::decode);

    assertThat(got.id()).isEqualTo(sent.id());
    assertThat(got.again()).isTrue();
    assertThat(got.newSession()).isTrue();
    assertThat(got.readOn()).isEqualTo(sent.readOn());
    assertThat(texts(got.lines())).containsExactly("{\"a\":\"é\"}", "{}");
    assertThat(got.arrivals()).isEqualTo(sent.arrivals());
    assertThat(got.rejected()).hasSize(1);
    assertThat(got.rejected().get(0)).usingRecursiveComparison().isEqualTo(sent.rejected().get(0));
  }

  @Test
  @DisplayName("an empty chunk stays empty")
  void emptyChunk() {
    Chunk got =
        throughBytes(
            new Chunk(
                1, false, Lines.NONE, List.of(), List.of(), false, new ReadOn(1, Habit.UNKNOWN, 0)),
            Chunk::encode,
            Chunk::decode);
    assertThat(got.lines().isEmpty()).isTrue();
    assertThat(got.arrivals()).isEmpty();
    assertThat(got.rejected()).isEmpty();
    assertThat(got.again()).isFalse();
    assertThat(got.newSession()).isFalse();
  }

  @Test
  @DisplayName("a connection that begins stays the same")
  void connecting() {
    Connecting sent = new Connecting("mqtt://127.0.0.1:1883", "spillway-pi", true, -1, true);
    assertThat(throughBytes(sent, Connecting::encode, Connecting::decode)).isEqualTo(sent);
  }

  @Test
  @DisplayName("a batch of version 0.2 is one of a spool that has dropped nothing")
  void olderBatch() {
    Origin origin = new Origin("pi-attic", "3f9a1c2e", "0f".repeat(16), true);
    Batch sent = new Batch(origin, 40, 99, 42, lines("{\"a\":1}"));
    Batch got =
        throughBytes(
            sent,
            (batch, out) -> {
              origin.encode(out);
              out.number(40).number(99).number(42).lines(batch.lines());
            },
            Batch::decode);
    assertThat(got).usingRecursiveComparison().ignoringFields("lines").isEqualTo(sent);
  }

  @Test
  @DisplayName("a batch stays the same")
  void batch() {
    Origin origin = new Origin("pi-attic", "3f9a1c2e", "0f".repeat(16), true);
    Batch sent =
        new Batch(origin, 40, 37, 1L << 40, 39, 11, 42, lines("{\"a\":1}", "{\"b\":2}").skip(1));
    Batch got = throughBytes(sent, Batch::encode, Batch::decode);
    assertThat(got).usingRecursiveComparison().ignoringFields("lines").isEqualTo(sent);
    assertThat(texts(got.lines())).containsExactly("{\"b\":2}");
    assertThat(got.next()).isEqualTo(43);
  }

  @Test
  @DisplayName("the answer to a batch stays the same, and is none to another batch")
  void forwarded() {
    Batch batch = KeylessBatch.of("pi", "e", 1, 42, lines("{}"));
    Forwarded got =
        throughBytes(batch.forwarded(43, true, 43), Forwarded::encode, Forwarded::decode);
    assertThat(got).isEqualTo(new Forwarded("pi", "e", 42, 43, true, 43));
    assertThat(batch.isAnsweredBy(got)).isTrue();
    assertThat(KeylessBatch.of("attic", "e", 1, 42, lines("{}")).isAnsweredBy(got)).isFalse();
    assertThat(KeylessBatch.of("pi", "f", 1, 42, lines("{}")).isAnsweredBy(got)).isFalse();
    assertThat(KeylessBatch.of("pi", "e", 1, 41, lines("{}")).isAnsweredBy(got)).isFalse();
  }

  @Test
  @DisplayName("an origin without a key stays without one, and shows none")
  void origin() {
    Origin keyless = new Origin("pi", "e", null, false);
    assertThat(throughBytes(keyless, Origin::encode, Origin::decode)).isEqualTo(keyless);
    assertThat(new Origin("pi", "e", "secret", true).toString()).isEqualTo("pi.e");
  }

  @Test
  @DisplayName("a stored batch stays the same")
  void storedBatch() {
    StoredBatch sent = new StoredBatch("j1", 40, lines("{\"a\":1}", "{\"b\":2}"));
    StoredBatch got = throughBytes(sent, StoredBatch::encode, StoredBatch::decode);
    assertThat(got).usingRecursiveComparison().ignoringFields("lines").isEqualTo(sent);
    assertThat(texts(got.lines())).containsExactly("{\"a\":1}", "{\"b\":2}");
    assertThat(got.next()).isEqualTo(42);
  }

  @Test
  @DisplayName("a role's state stays the same")
  void roleState() {
    RoleState sent =
        new RoleState(
            "uplink",
            "pi",
            "p",
            new Fault(FaultKind.TLS, "nö"),
            3,
            1L << 40,
            new TreeMap<>(Map.of("acks", 7L, "x", -1L)),
            new LastFault(new Fault(FaultKind.DISK, "né"), 7, 5));
    assertThat(throughBytes(sent, RoleState::encode, RoleState::decode)).isEqualTo(sent);
    assertThat(sent.isHere()).isFalse();
    RoleState idle = new RoleState("store", "", Fault.NONE, 0, 0, Map.of());
    assertThat(idle.isHere()).isTrue();
    assertThat(throughBytes(idle, RoleState::encode, RoleState::decode)).isEqualTo(idle);
  }

  @Test
  @DisplayName("a role's state of an older version, which remembers no fault, is read, too")
  void olderRoleState() {
    Fault now = new Fault(FaultKind.DISK, "no space left on device");
    RoleState sent = new RoleState("store", "s", now, 1, 2, Map.of("x", 3L));
    BiConsumer<RoleState, WireWriter> older =
        (state, out) ->
            out.text(state.role())
                .text(state.instance())
                .text(state.process())
                .text(state.fault().words())
                .number(state.waiting())
                .number(state.done())
                .each(state.counters().entrySet(), e -> out.text(e.getKey()).number(e.getValue()));
    assertThat(throughBytes(sent, older, RoleState::decode)).isEqualTo(sent);
  }

  @Test
  @DisplayName("a role's state of version 0.1 names no kinds, which its words then tell")
  void roleStateWithoutKinds() {
    RoleState sent =
        new RoleState(
            "source",
            "s",
            "p",
            new Fault(FaultKind.REFUSED, "connection refused by h:1883"),
            1,
            2,
            Map.of("x", 3L),
            new LastFault(new Fault(FaultKind.REFUSED, "connection refused by h:1883"), 7, 0));
    BiConsumer<RoleState, WireWriter> older =
        (state, out) -> {
          out.text(state.role())
              .text(state.instance())
              .text(state.process())
              .text(state.fault().words())
              .number(state.waiting())
              .number(state.done())
              .each(state.counters().entrySet(), e -> out.text(e.getKey()).number(e.getValue()));
          state.lastFault().encode(out);
        };
    assertThat(throughBytes(sent, older, RoleState::decode)).isEqualTo(sent);
  }

  @Test
  @DisplayName("several bodies in one buffer are each found where they begin")
  void severalBodies() {
    Buffer wire = Buffer.buffer("head");
    RecordCodec<Batch> codec = new RecordCodec<>(Batch.class, Batch::encode, Batch::decode);
    int first = wire.length();
    codec.encodeToWire(wire, KeylessBatch.of("a", "b", 1, 2, lines("{}")));
    int second = wire.length();
    codec.encodeToWire(wire, KeylessBatch.of("c", "d", 3, 4, Lines.NONE));
    wire.appendString("tail");

    assertThat(codec.decodeFromWire(first, wire).edge()).isEqualTo("a");
    assertThat(codec.decodeFromWire(second, wire).first()).isEqualTo(4);
    assertThat(wire.getInt(first)).isEqualTo(second - first - Integer.BYTES);
  }

  private static <T> T throughBytes(
      T body, BiConsumer<T, WireWriter> encode, Function<WireReader, T> decode) {
    @SuppressWarnings("unchecked")
    RecordCodec<T> codec = new RecordCodec<>((Class<T>) body.getClass(), encode, decode);
    Buffer wire = Buffer.buffer("some bytes in front");
    int position = wire.length();
    codec.encodeToWire(wire, body);
    assertThat(wire.getInt(position)).isEqualTo(wire.length() - position - Integer.BYTES);
    wire.appendString("and behind");
    assertThat(codec.transform(body)).isSameAs(body);
    return codec.decodeFromWire(position, wire);
  }
}
