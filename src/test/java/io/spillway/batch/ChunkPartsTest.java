package io.spillway.batch;

import static io.spillway.message.Texts.lines;
import static io.spillway.message.Texts.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Arrival;
import io.spillway.bus.Chunk;
import io.spillway.bus.ReadOn;
import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import io.spillway.redelivery.Habit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A chunk that goes into the spool in parts")
class ChunkPartsTest {
  private static final int STAMP = 2;
  private static final long ID = 1_000;

  /** Of one record, none as it is rejected, three records, one record; each record is 8 bytes. */
  private static final Chunk CHUNK =
      new Chunk(
          ID,
          false,
          lines("{\"r\":1}", "{\"r\":2}", "{\"r\":3}", "{\"r\":4}", "{\"r\":5}"),
          List.of(arrival(11, 1), arrival(12, 0), arrival(13, 3), arrival(14, 1)),
          List.of(new Rejected("t", 0, "no JSON", new byte[1], 1)),
          true,
          new ReadOn(7, Habit.RISES, 2));

  @Test
  @DisplayName("is the chunk itself where there is room for all of it")
  void whole() {
    ChunkParts parts = parts(CHUNK, Set.of());
    assertThat(parts.head(50)).isSameAs(CHUNK);
    assertThat(parts.sizeOf(CHUNK)).isEqualTo(50);
    parts.passed(CHUNK);
    assertThat(parts.isDone()).isTrue();
  }

  @Test
  @DisplayName("has in each part the whole messages that fit, with their records and rejections")
  void divided() {
    ChunkParts parts = parts(CHUNK, Set.of());
    Chunk first = parts.head(49);
    assertThat(first.arrivals()).hasSize(3);
    assertThat(texts(first.lines())).hasSize(4).first().isEqualTo("{\"r\":1}");
    assertThat(first.rejected()).hasSize(1);
    assertThat(parts.sizeOf(first)).isEqualTo(40);
    parts.passed(first);
    assertThat(parts.isDone()).isFalse();
    Chunk second = parts.head(49);
    assertThat(texts(second.lines())).containsExactly("{\"r\":5}");
    assertThat(second.rejected()).isEmpty();
    parts.passed(second);
    assertThat(parts.isDone()).isTrue();
  }

  @Test
  @DisplayName("tells in one go the messages of which none fits, up to the first that does")
  void misfits() {
    ChunkParts parts = parts(CHUNK, Set.of());
    assertThat(parts.misfits(9).arrivals()).as("the second has no record").hasSize(1);
    assertThat(parts.misfits(-1).arrivals()).as("nor does it take any room").hasSize(1);
    assertThat(parts.misfits(50).arrivals()).as("at least one").hasSize(1);
    parts.passed(parts.head(20));
    Chunk large = parts.misfits(10);
    assertThat(texts(large.lines())).hasSize(3).first().isEqualTo("{\"r\":2}");
    parts.passed(large);
    assertThat(parts.misfits(9).id()).isEqualTo(ID);
    parts = parts(CHUNK, Set.of());
    parts.passed(parts.head(20));
    assertThat(parts.misfits(-1).arrivals()).as("none fits").hasSize(2);
  }

  @Test
  @DisplayName("tells no release among what does not fit, so that none is ever dropped")
  void releaseIsNoMisfit() {
    List<Arrival> mixed = List.of(arrival(11, 1), arrival(12, 1), Arrival.release(7));
    Chunk chunk =
        new Chunk(
            ID, false, lines("{\"r\":1}", "{\"r\":2}"), mixed, List.of(), false, CHUNK.readOn());
    ChunkParts parts = parts(chunk, Set.of());
    Chunk large = parts.misfits(-1);
    assertThat(large.arrivals()).isEqualTo(mixed.subList(0, 2));
    parts.passed(large);
    Chunk rest = parts.head(-1);
    assertThat(rest.arrivals()).containsExactly(Arrival.release(7));
    assertThat(rest.rejected()).isEmpty();
  }

  @Test
  @DisplayName("has at least one message in a part, whatever room there is")
  void atLeastOne() {
    ChunkParts parts = parts(CHUNK, Set.of());
    List<Integer> records = new ArrayList<>();
    while (!parts.isDone()) {
      Chunk part = parts.head(-5);
      records.add(part.lines().count());
      assertThat(part.arrivals()).hasSize(1);
      parts.passed(part);
    }
    assertThat(records).containsExactly(1, 0, 3, 1);
  }

  @Test
  @DisplayName("begins a session once, and has its own id only when it is complete")
  void idsAndSession() {
    ChunkParts parts = parts(CHUNK, Set.of());
    Set<Long> ids = new HashSet<>();
    boolean first = true;
    while (!parts.isDone()) {
      Chunk part = parts.head(0);
      assertThat(part.newSession()).isEqualTo(first);
      assertThat(ids.add(part.id())).isTrue();
      assertThat(part.id() == ID).isEqualTo(part.arrivals().get(0).fingerprint() == 14);
      first = false;
      parts.passed(part);
    }
  }

  @Test
  @DisplayName("says in each part where it was read, and counts what was left out once")
  void copiesOnce() {
    ChunkParts parts = parts(CHUNK, Set.of());
    Chunk first = parts.head(0);
    assertThat(first.readOn()).isEqualTo(new ReadOn(7, Habit.RISES, 2));
    parts.passed(first);
    assertThat(parts.head(0).readOn()).isEqualTo(new ReadOn(7, Habit.RISES, 0));
  }

  @Test
  @DisplayName("goes on where it had got to when it comes again, wherever that was")
  void goesOn() {
    ChunkParts before = parts(CHUNK, Set.of());
    Set<Long> stored = new HashSet<>();
    for (int passed = 0; passed < 4; passed++) {
      ChunkParts again = parts(CHUNK.repeated(), stored);
      List<Long> left = again.head(1_000).arrivals().stream().map(Arrival::fingerprint).toList();
      assertThat(left).isEqualTo(List.of(11L, 12L, 13L, 14L).subList(passed, 4));
      Chunk part = before.head(0);
      stored.add(part.id());
      before.passed(part);
    }
  }

  @Test
  @DisplayName("is left to the intake as a whole when all of it is stored, or when it is empty")
  void storedOrEmpty() {
    Chunk again = CHUNK.repeated();
    assertThat(parts(again, Set.of(ID)).head(0)).isSameAs(again);
    Chunk session = new Chunk(ID, false, Lines.NONE, List.of(), List.of(), true, CHUNK.readOn());
    ChunkParts parts = parts(session, Set.of());
    assertThat(parts.head(-1).newSession()).isTrue();
    parts.passed(session);
    assertThat(parts.isDone()).isTrue();
  }

  private static ChunkParts parts(Chunk chunk, Set<Long> stored) {
    return new ChunkParts(chunk, STAMP, stored::contains);
  }

  private static Arrival arrival(long fingerprint, int records) {
    return new Arrival((int) fingerprint, fingerprint, false, records);
  }
}
