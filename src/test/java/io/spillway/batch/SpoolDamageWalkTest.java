package io.spillway.batch;

import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.batch.Spool.Found;
import io.spillway.config.SpoolConfig;
import io.spillway.config.WhenFull;
import io.spillway.fixtures.Fixture;
import io.spillway.journal.Cursor;
import io.spillway.journal.Damages;
import io.spillway.journal.Journal;
import io.spillway.journal.Slice;
import io.spillway.kit.Damage;
import io.spillway.message.Texts;
import io.spillway.redelivery.CommitMemo;
import io.spillway.redelivery.Habit;
import io.spillway.redelivery.SessionMemory;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of a spool are damaged by chance, twice with a start in between. */
@DisplayName("A damaged spool")
class SpoolDamageWalkTest {
  @TempDir static Path base;
  @TempDir Path dir;

  @BeforeAll
  static void make() throws IOException {
    Found found = open(base);
    append(found, 1, 200);
    new AcknowledgedPosition(base, found.current().identity()).save(51, 201);
    close(found);
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(150, 270);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  @DisplayName("opens, has every record whose commit is whole once, and gives no number out again")
  void walk(long seed) throws IOException {
    Fixture.copy(base, dir);
    Damage damage = new Damage(seed);
    Set<String> given = new HashSet<>(records(dir));
    damage.any(dir);
    Set<String> whole = wholeCommits();

    Found found = open(dir);
    List<String> held = held(found);
    assertThat(held).doesNotHaveDuplicates().containsAll(whole);
    append(found, 1_001, 1_010);
    List<String> fresh = fresh(found);
    assertThat(fresh).hasSize(10).doesNotContainAnyElementsOf(keys(given));
    given.addAll(held(found));
    new AcknowledgedPosition(dir, found.current().identity())
        .save(1, found.current().journal().next());
    close(found);

    damage.any(dir);
    found = open(dir);
    assertThat(held(found)).doesNotHaveDuplicates();
    append(found, 2_001, 2_010);
    assertThat(fresh(found)).hasSize(10).doesNotContainAnyElementsOf(keys(given));
    close(found);
  }

  /** Records of the chunks of ten that are as they were, by their texts in the files. */
  private Set<String> wholeCommits() throws IOException {
    List<String> before = records(base);
    Set<String> now = new HashSet<>(texts(dir));
    Set<String> whole = new HashSet<>();
    List<String> all = texts(base);
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).startsWith("[\"chunk\"")) {
        List<String> chunk = all.subList(i, i + 11);
        if (now.containsAll(chunk)) {
          whole.addAll(chunk.subList(1, 11));
        }
      }
    }
    assertThat(before).containsAll(whole);
    return whole;
  }

  private static List<String> keys(Set<String> records) {
    return records.stream().map(SpoolDamageWalkTest::key).toList();
  }

  private static String key(String record) {
    return record.substring(record.indexOf("\"_id\""));
  }

  /** The ids of the newest ten. */
  private static List<String> fresh(Found found) throws IOException {
    List<String> all = held(found.current().journal());
    return all.subList(all.size() - 10, all.size()).stream().map(SpoolDamageWalkTest::key).toList();
  }

  private static List<String> held(Found found) throws IOException {
    List<String> held = new ArrayList<>();
    for (Spool older : found.older()) {
      held.addAll(held(older.journal()));
    }
    held.addAll(held(found.current().journal()));
    return held;
  }

  private static List<String> held(Journal journal) throws IOException {
    List<String> held = new ArrayList<>();
    try (Cursor cursor = journal.cursor(1)) {
      for (Slice s = cursor.read(500, 1 << 20); !s.isEmpty(); s = cursor.read(500, 1 << 20)) {
        held.addAll(Texts.texts(s.lines()));
      }
    }
    return held;
  }

  private static List<String> records(Path dir) throws IOException {
    return texts(dir).stream().filter(line -> line.startsWith("{\"n\"")).toList();
  }

  private static List<String> texts(Path dir) throws IOException {
    List<String> texts = new ArrayList<>();
    try (Stream<Path> files = Files.list(dir)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".ndjson")).sorted().toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(texts::add);
      }
    }
    return texts;
  }

  private static void append(Found found, int from, int to) {
    for (int n = from; n <= to; n += 10) {
      List<String> ten = IntStream.range(n, n + 10).mapToObj(i -> "{\"n\":" + i + "}").toList();
      byte[] memo =
          CommitMemo.ofChunk(n, new SessionMemory().judge(1, Habit.UNKNOWN, false).delta());
      found.current().journal().append(lines(ten), memo).join();
    }
  }

  private static Found open(Path dir) throws IOException {
    SpoolConfig config = new SpoolConfig(dir, 1 << 20, 3_000, Duration.ZERO, WhenFull.BLOCK);
    Damages damages = new Damages();
    SpoolMemo memo = new SpoolMemo(dir, damages);
    return Spool.open(config, "pi", memo, damages, TimeSource.SYSTEM, renumbered -> {});
  }

  private static void close(Found found) {
    found.older().forEach(spool -> spool.journal().close());
    found.current().journal().close();
  }
}
