package io.spillway.batch;

import static io.spillway.message.Texts.lines;
import static io.spillway.message.Texts.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Arrival;
import io.spillway.bus.Chunk;
import io.spillway.bus.ReadOn;
import io.spillway.journal.Damages;
import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import io.spillway.redelivery.Habit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The intake of a chunk")
class IntakeTest {
  @TempDir Path dir;
  private SpoolMemo accepted;
  private int connection = 1;

  @BeforeEach
  void open() throws IOException {
    accepted = new SpoolMemo(dir, new Damages());
  }

  @Test
  @DisplayName("is all of it when nothing was handed over before")
  void fresh() {
    Chunk chunk = chunk(1, new Arrival(11, 11, false, 1), new Arrival(12, 12, false, 2));
    Intake intake = Intake.of(chunk, accepted);
    assertThat(intake.lines()).isSameAs(chunk.lines());
    assertThat(intake.messages()).isEqualTo(2);
    assertThat(intake.redelivered()).isZero();
    assertThat(intake.isEmpty()).isFalse();
  }

  @Test
  @DisplayName("leaves out a message that is marked as redelivered and known")
  void redelivered() {
    accept(chunk(1, new Arrival(11, 11, false, 1), new Arrival(12, 12, false, 1)));
    connection = 2;
    Intake intake =
        Intake.of(
            chunk(
                2,
                new Arrival(13, 13, false, 1),
                new Arrival(11, 11, true, 2),
                new Arrival(14, 14, false, 1)),
            accepted);
    assertThat(texts(intake.lines())).containsExactly("{\"r\":0}", "{\"r\":3}");
    assertThat(intake.messages()).isEqualTo(2);
    assertThat(intake.redelivered()).isEqualTo(1);
  }

  @Test
  @DisplayName("keeps a message that is known but not marked: it is an honest repetition")
  void honest() {
    accept(chunk(1, new Arrival(11, 11, false, 1)));
    Intake intake = Intake.of(chunk(2, new Arrival(11, 11, false, 1)), accepted);
    assertThat(intake.messages()).isEqualTo(1);
    assertThat(intake.lines().count()).isEqualTo(1);
  }

  @Test
  @DisplayName("keeps a message that is marked but unknown: it never got here")
  void unknown() {
    accept(chunk(1, new Arrival(11, 11, false, 1)));
    assertThat(Intake.of(chunk(2, new Arrival(12, 12, true, 1)), accepted).messages()).isEqualTo(1);
  }

  @Test
  @DisplayName("keeps messages of QoS 0, which have no fingerprint, and remembers none of them")
  void qosZero() {
    accept(chunk(1, new Arrival(0, 0, false, 1)));
    assertThat(Intake.of(chunk(2, new Arrival(0, 0, true, 1)), accepted).messages()).isEqualTo(1);
  }

  @Test
  @DisplayName("leaves out the rejected message that is redelivered, and keeps the others")
  void rejected() {
    accept(chunk(1, new Arrival(11, 11, false, 0)));
    connection = 2;
    Intake intake =
        Intake.of(
            chunk(
                2,
                new Arrival(11, 11, true, 0),
                new Arrival(12, 12, false, 1),
                new Arrival(13, 13, true, 0)),
            accepted);
    assertThat(intake.rejected()).extracting(Rejected::reason).containsExactly("why 1");
    assertThat(texts(intake.lines())).containsExactly("{\"r\":0}");
  }

  @Test
  @DisplayName("is nothing when the very chunk is repeated and was stored")
  void chunkRepeated() {
    Chunk chunk = chunk(1, new Arrival(0, 0, false, 1), new Arrival(11, 11, false, 1));
    accept(chunk);
    Intake again = Intake.of(chunk.repeated(), accepted);
    assertThat(again.isEmpty()).isTrue();
    assertThat(again.redelivered()).isEqualTo(2);
    assertThat(again.lines().isEmpty()).isTrue();
  }

  @Test
  @DisplayName("is all of a repeated chunk that was not stored")
  void chunkNotStored() {
    Chunk chunk = chunk(1, new Arrival(0, 0, false, 1), new Arrival(11, 11, false, 1));
    assertThat(Intake.of(chunk.repeated(), accepted).messages()).isEqualTo(2);
  }

  @Test
  @DisplayName("trusts no message of an older session, but still knows its chunks")
  void newSession() {
    Chunk first = chunk(1L << 40, new Arrival(11, 11, false, 1));
    accept(first);
    Chunk fresh = session(2, new Arrival(11, 11, true, 1));
    Intake intake = Intake.of(fresh, accepted);
    assertThat(intake.messages()).isEqualTo(1);
    accepted.remember(intake.memo(), 1, 1);
    assertThat(Intake.of(first.repeated(), accepted).isEmpty()).isTrue();
    assertThat(Intake.of(chunk(3, new Arrival(11, 11, true, 1)), accepted).messages()).isZero();
  }

  @Test
  @DisplayName("of a new session is stored even without a message, so that it is remembered")
  void emptySession() {
    assertThat(Intake.of(session(2), accepted).isEmpty()).isFalse();
    assertThat(Intake.of(chunk(3), accepted).isEmpty()).isTrue();
  }

  @Test
  @DisplayName("remembers once more what was redelivered: it may come again")
  void rememberedAgain() {
    accept(chunk(1, new Arrival(11, 11, false, 1)));
    for (connection = 2; connection < 5; connection++) {
      Intake again = Intake.of(chunk(connection, new Arrival(11, 11, true, 1)), accepted);
      assertThat(again.redelivered()).isEqualTo(1);
      assertThat(again.isEmpty()).isFalse();
      accepted.remember(again.memo(), 1, 0);
    }
  }

  @Test
  @DisplayName("leaves out copies that are in the same chunk as what they repeat")
  void copiesInOneChunk() {
    Intake intake =
        Intake.of(
            chunk(
                1,
                new Arrival(11, 11, false, 1),
                new Arrival(12, 12, false, 1),
                new Arrival(11, 11, true, 1),
                new Arrival(12, 12, true, 1),
                new Arrival(11, 11, true, 1)),
            accepted);
    assertThat(texts(intake.lines())).containsExactly("{\"r\":0}", "{\"r\":1}");
    assertThat(intake.redelivered()).isEqualTo(3);
  }

  @Test
  @DisplayName("keeps and counts what may be another message with the same identifier and bytes")
  void doubtful() {
    accept(chunk(1, new Arrival(1, 11, false, 1)));
    connection = 2;
    Chunk chunk = chunk(2, new Arrival(1, 11, true, 1));
    Intake intake =
        Intake.of(
            new Chunk(
                chunk.id(),
                false,
                chunk.lines(),
                chunk.arrivals(),
                List.of(),
                false,
                new ReadOn(2, Habit.REUSES, 0)),
            accepted);
    assertThat(intake.messages()).isEqualTo(1);
    assertThat(intake.doubtful()).isEqualTo(1);
    assertThat(intake.redelivered()).isZero();
  }

  @Test
  @DisplayName("leaves out at QoS 2 what comes again before its release, and not what comes after")
  void heldUntilReleased() {
    accept(chunk(1, held(7, false)));
    assertThat(Intake.of(chunk(2, held(7, false)), accepted).redelivered()).isEqualTo(1);
    connection = 2;
    Intake again = Intake.of(chunk(3, held(7, true), Arrival.release(7)), accepted);
    assertThat(again.redelivered()).isEqualTo(1);
    assertThat(again.messages()).isZero();
    assertThat(again.isEmpty()).isFalse();
    accepted.remember(again.memo(), 1, 0);
    assertThat(Intake.of(chunk(4, held(7, false)), accepted).messages()).isEqualTo(1);
  }

  @Test
  @DisplayName("counts at QoS 2 what is not marked and held since another connection")
  void heldAndUnmarked() {
    accept(chunk(1, held(7, false)));
    connection = 2;
    Intake intake = Intake.of(chunk(2, held(7, false)), accepted);
    assertThat(intake.messages()).isEqualTo(1);
    assertThat(intake.doubtful()).isEqualTo(1);
  }

  @Test
  @DisplayName("is nothing where an identifier is released that holds nothing")
  void releaseOfNothing() {
    accept(chunk(1, new Arrival(7, 7, false, 1)));
    assertThat(Intake.of(chunk(2, Arrival.release(7), Arrival.release(8)), accepted).isEmpty())
        .isTrue();
  }

  @Test
  @DisplayName("of a new session holds nothing of the one before")
  void heldInOlderSession() {
    accept(chunk(1, held(7, false)));
    accept(session(2));
    assertThat(Intake.of(chunk(3, held(7, true)), accepted).messages()).isEqualTo(1);
  }

  @Test
  @DisplayName("is the same after a restart, from the files alone")
  void heldOnDisk() throws IOException {
    accept(chunk(1, held(7, false), held(65_535, false), held(9, false)));
    accept(chunk(2, Arrival.release(9)));
    accepted.keep();
    accepted = new SpoolMemo(dir, new Damages());
    connection = 2;
    Intake again = Intake.of(chunk(3, held(7, true), held(65_535, true)), accepted);
    assertThat(again.redelivered()).isEqualTo(2);
    assertThat(Intake.of(chunk(4, Arrival.release(9)), accepted).isEmpty()).isTrue();
    assertThat(Intake.of(chunk(5, Arrival.release(7)), accepted).isEmpty()).isFalse();
  }

  private static Arrival held(int packetId, boolean dup) {
    return new Arrival(Arrival.Kind.HELD, packetId, 100 + packetId, dup, 1);
  }

  private void accept(Chunk chunk) {
    Intake intake = Intake.of(chunk, accepted);
    accepted.remember(intake.memo(), 1, intake.lines().count());
  }

  private ReadOn readOn() {
    return new ReadOn(connection, Habit.RISES, 0);
  }

  private Chunk chunk(long id, Arrival... arrivals) {
    return chunk(id, false, arrivals);
  }

  private Chunk session(long id, Arrival... arrivals) {
    return chunk(id, true, arrivals);
  }

  private Chunk chunk(long id, boolean newSession, Arrival... arrivals) {
    Lines.Builder lines = new Lines.Builder(0);
    List<Rejected> rejected = new java.util.ArrayList<>();
    for (Arrival arrival : arrivals) {
      for (int record = 0; record < arrival.records(); record++) {
        lines.add(lines("{\"r\":" + lines.count() + "}"));
      }
      if (arrival.isRejected()) {
        rejected.add(new Rejected("t", 0, "why " + rejected.size(), new byte[0], 0));
      }
    }
    return new Chunk(id, false, lines.build(), List.of(arrivals), rejected, newSession, readOn());
  }
}
