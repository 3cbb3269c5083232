package io.spillway.store;

import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.fixtures.Fixture;
import io.spillway.journal.Cursor;
import io.spillway.journal.Damages;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalOptions;
import io.spillway.journal.Slice;
import io.spillway.journal.State;
import io.spillway.journal.StateFile.Content;
import io.spillway.kit.Damage;
import io.spillway.message.Texts;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The files of a server that has 1 to 600 of an edge, of which 1 to 400 are in the checkpoint, are
 * damaged by chance; then the edge, which holds 401 to 800, sends what it is asked for.
 */
@DisplayName("The marks of a damaged directory")
class MarksDamageWalkTest {
  private static final String SOURCE = "edge.3f9a1c2e";
  private static final int HELD_FROM = 401;
  private static final int STORED = 600;
  private static final int ALL = 800;

  @TempDir static Path base;
  @TempDir Path dir;

  @BeforeAll
  static void make() throws IOException {
    JournalName name = new JournalName("57fc5838d407", 1);
    try (Journal journal = Journal.open(options(base), TimeSource.SYSTEM)) {
      append(journal, 1, 400);
      EdgeMarks marks = new EdgeMarks();
      new MarksRecovery(journal, 1).run(marks, Optional.empty());
      Anchor anchor = new Anchor(name.name(), 1, journal.activeFirst());
      marks.checkpoint().of(anchor).save(base);
      name.save(base);
      append(journal, 401, STORED);
    }
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 120);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  @DisplayName("never lose or double a record that was not damaged")
  void walk(long seed) throws IOException {
    Fixture.copy(base, dir);
    Damage damage = new Damage(seed);
    damage.any(dir);
    if (seed % 4 == 0) {
      damage.any(dir);
    }
    Set<String> left = intact();

    List<String> now = reopen();

    List<String> doubled = new ArrayList<>(now);
    new HashSet<>(now).forEach(doubled::remove);
    assertThat(doubled).as("doubled").isSubsetOf(lastLine(left));
    assertThat(now).as("whole").containsAll(left);
    // A letter of the payload may have changed: what has its number is it all the same.
    assertThat(keys(now)).as("held by the edge").containsAll(keys(ids(HELD_FROM, ALL)));
  }

  /** Opens it as the store does, and stores what the edge holds. */
  private List<String> reopen() throws IOException {
    Damages damages = new Damages();
    Optional<Content<JournalName>> read = JournalName.read(dir, damages);
    boolean older = read.isEmpty() || !read.get().checked();
    Optional<Content<Checkpoint>> saved = Checkpoint.read(dir, older, damages);
    Optional<Checkpoint> checked = saved.filter(Content::checked).map(Content::value);
    State known =
        checked.map(c -> new State(c.anchor().activeFirst(), c.offset())).orElse(State.NONE);
    EdgeMarks marks = new EdgeMarks();
    List<String> now = new ArrayList<>();
    try (Journal journal = Journal.open(options(dir), known, damages, TimeSource.SYSTEM)) {
      JournalName name = JournalName.settle(read, checked.map(Checkpoint::anchor), journal.next());
      new MarksRecovery(journal, name.trustedFrom()).run(marks, saved);
      try (Cursor cursor = journal.cursor(1)) {
        for (Slice s = cursor.read(1_000, 1 << 20); !s.isEmpty(); s = cursor.read(1_000, 1 << 20)) {
          now.addAll(Texts.texts(s.lines()));
        }
      }
    }
    EdgeMark mark = marks.of(SOURCE);
    if (mark.opening(HELD_FROM, mark.submitted()) == EdgeMark.Opening.STEP) {
      mark.step(HELD_FROM);
      mark.stepped();
    }
    for (long seq = mark.durable(); seq <= ALL; seq = mark.durable()) {
      mark.submitted(1);
      mark.stored(1);
      now.add(id(seq));
    }
    return now;
  }

  private Set<String> intact() throws IOException {
    Set<String> left = new HashSet<>();
    try (Stream<Path> files = Files.list(dir)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".ndjson")).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(left::add);
      }
    }
    left.retainAll(ids(1, STORED));
    return left;
  }

  /** It alone cannot be told from one that is damaged, if the one before it is. */
  private static List<String> lastLine(Set<String> left) {
    return Collections.singletonList(
        LongStream.rangeClosed(1, STORED)
            .mapToObj(MarksDamageWalkTest::id)
            .filter(left::contains)
            .reduce((a, b) -> b)
            .orElse(""));
  }

  private static List<String> keys(List<String> records) {
    return records.stream()
        .filter(record -> record.contains("\"_id\""))
        .map(record -> record.substring(record.lastIndexOf("\"_id\"")))
        .toList();
  }

  private static void append(Journal journal, int from, int to) {
    for (int seq = from; seq <= to; seq += 50) {
      journal.append(lines(ids(seq, seq + 49))).join();
    }
  }

  private static List<String> ids(int from, int to) {
    return LongStream.rangeClosed(from, to).mapToObj(MarksDamageWalkTest::id).toList();
  }

  private static String id(long seq) {
    return "{\"n\":" + seq + ",\"_id\":\"" + SOURCE + '.' + seq + "\"}";
  }

  private static JournalOptions options(Path dir) {
    return JournalOptions.plain(dir, "ingest").withSegments(6_000, Duration.ZERO);
  }
}
