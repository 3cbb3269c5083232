package io.spillway.source;

import static io.spillway.message.Texts.texts;
import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Arrival;
import io.spillway.bus.Chunk;
import io.spillway.bus.ReadOn;
import io.spillway.message.Enricher;
import io.spillway.redelivery.Habit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Gathered messages")
class PendingChunkTest {
  private final PendingChunk pending = new PendingChunk(null, 4, false);
  private final Enricher enricher = new Enricher(false);

  @Test
  @DisplayName("become one chunk: records in order, one arrival for each message")
  void chunk() {
    add("{\"a\":1}", 1, 7, false);
    add("[{\"b\":1},{\"b\":2}]", 1, 8, true);
    add("oops", 1, 9, false);
    add("{\"c\":1}", 0, 0, false);
    Chunk chunk = pending.chunk(Habit.UNKNOWN);

    assertThat(texts(chunk.lines()))
        .extracting(line -> line.substring(0, 6))
        .containsExactly("{\"a\":1", "{\"b\":1", "{\"b\":2", "{\"c\":1");
    assertThat(chunk.arrivals())
        .containsExactly(
            new Arrival(7, 107, false, 1),
            new Arrival(8, 108, true, 2),
            new Arrival(9, 109, false, 0),
            new Arrival(0, 0, false, 1));
    assertThat(chunk.rejected())
        .singleElement()
        .satisfies(one -> assertThat(one.payload()).isEqualTo(utf8("oops")));
    assertThat(chunk.again()).isFalse();
    assertThat(chunk.readOn()).isEqualTo(new ReadOn(4, Habit.UNKNOWN, 0));
    assertThat(pending.messages()).isEqualTo(4);
    assertThat(pending.bytes()).isEqualTo(chunk.lines().length() + "oops".length());
  }

  @Test
  @DisplayName("are acknowledged in order of receipt, also the rejected, not at QoS 0")
  void packetIds() {
    add("{}", 1, 7, false);
    add("{}", 0, 0, false);
    add("oops", 1, 0x1234, false);
    add("{}", 1, 65_535, true);
    assertThat(answeredIds()).containsExactly(7, 0x1234, 65_535);
  }

  @Test
  @DisplayName("are answered as they have come: PUBACK, PUBREC, and PUBCOMP to a release")
  void answers() {
    add("{}", 1, 7, false);
    add("{}", 2, 8, false);
    pending.addRelease(0x1234);
    assertThat(Answer.packets(pending.answers()).getBytes())
        .containsExactly(0x40, 2, 0, 7, 0x50, 2, 0, 8, 0x70, 2, 0x12, 0x34);
    assertThat(pending.messages()).isEqualTo(2);
    assertThat(pending.size()).isEqualTo(3);
    assertThat(pending.chunk(Habit.UNKNOWN).arrivals())
        .containsExactly(
            new Arrival(7, 107, false, 1),
            new Arrival(Arrival.Kind.HELD, 8, 108, false, 1),
            Arrival.release(0x1234));
  }

  @Test
  @DisplayName("are acknowledged however many they are")
  void manyPacketIds() {
    for (int packetId = 1; packetId <= 1_000; packetId++) {
      add("{}", 1, packetId, false);
    }
    assertThat(answeredIds()).containsExactly(IntStream.rangeClosed(1, 1_000).toArray());
  }

  @Test
  @DisplayName("that are too large are rejected with what was kept and their real size")
  void oversized() {
    pending.add(
        new Received(
            "t", utf8("{\"begin"), 5_000_000, 1, 7, false, false, Received.tooLarge(5_000_000), 5),
        1,
        enricher);
    Chunk chunk = pending.chunk(Habit.UNKNOWN);
    assertThat(chunk.lines().isEmpty()).isTrue();
    assertThat(chunk.rejected().get(0).size()).isEqualTo(5_000_000);
    assertThat(chunk.rejected().get(0).reason()).contains("5,000,000", "edge.mqtt.maxMessageBytes");
    assertThat(answeredIds()).containsExactly(7);
  }

  @Test
  @DisplayName("of none are empty, unless a new session is to be remembered")
  void empty() {
    assertThat(pending.isEmpty()).isTrue();
    assertThat(new PendingChunk(null, 4, true).isEmpty()).isFalse();
    assertThat(new PendingChunk(null, 4, true).chunk(Habit.UNKNOWN).newSession()).isTrue();
  }

  @Test
  @DisplayName("have another chunk id each time")
  void ids() {
    assertThat(pending.chunk(Habit.UNKNOWN).id())
        .isNotEqualTo(new PendingChunk(null, 4, false).chunk(Habit.UNKNOWN).id());
  }

  @Test
  @DisplayName("tell how many copies were left out")
  void copies() {
    pending.addCopy();
    pending.addCopy();
    assertThat(pending.isEmpty()).isTrue();
    assertThat(pending.chunk(Habit.RISES).readOn()).isEqualTo(new ReadOn(4, Habit.RISES, 2));
    assertThat(pending.next().chunk(Habit.RISES).readOn().copies()).isZero();
  }

  @Test
  @DisplayName("tell of copies that came before, where nothing else did")
  void copiesOfDropped() {
    pending.addCopy();
    PendingChunk next = pending.next();
    next.addCopy();
    next.addCopiesOf(pending);
    assertThat(next.chunk(Habit.RISES).readOn().copies()).isEqualTo(2);
  }

  private int[] answeredIds() {
    return IntStream.of(pending.answers()).map(Answer::packetId).toArray();
  }

  private void add(String payload, int qos, int packetId, boolean dup) {
    byte[] bytes = utf8(payload);
    pending.add(
        new Received("t", bytes, bytes.length, qos, packetId, dup, false, null, 5),
        qos == 0 ? 0 : 100 + packetId,
        enricher);
  }
}
