package io.spillway.batch;

import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.batch.Retirement.Removal;
import io.spillway.batch.Spool.Found;
import io.spillway.config.SpoolConfig;
import io.spillway.config.WhenFull;
import io.spillway.fixtures.Fixture;
import io.spillway.journal.Cursor;
import io.spillway.journal.Damages;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalOptions;
import io.spillway.journal.Slice;
import io.spillway.journal.State;
import io.spillway.journal.StateFile;
import io.spillway.message.Texts;
import io.spillway.time.TimeSource;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What is to go under new numbers")
class RenumberingTest {
  private static final String PADDING = "x".repeat(200);

  @TempDir Path dir;
  private int segmentBytes = 4_096;
  private long told;

  // --- that it is to

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"epoch\":\"\",\"next\":1,\"from\":1,\"carried\":0,\"crc32c\":\"00000000\"}"
      })
  @DisplayName("still is, when its damaged file was moved away and nothing else came to the disk")
  void decided(String damaged) throws IOException {
    Files.writeString(dir.resolve("renumber.json"), damaged);
    for (int start = 0; start < 3; start++) {
      assertThat(Renumbering.read(dir, new Damages())).isEqualTo(Renumbering.ALL);
    }
    assertThat(dir.resolve("quarantine/renumber.json-0-1")).hasContent(damaged);
  }

  @Test
  @DisplayName("still is, when a directory stands in place of the file")
  void directory() throws IOException {
    Files.createDirectories(dir.resolve("renumber.json/in"));
    assertThat(Renumbering.read(dir, new Damages())).isEqualTo(Renumbering.ALL);
    assertThat(Renumbering.read(dir, new Damages())).isEqualTo(Renumbering.ALL);
  }

  @Test
  @DisplayName("still is, when the file is of another layout")
  void otherLayout() throws IOException {
    JsonObject older = new JsonObject().put("epoch", "0f0f0f0f").put("from", 7);
    StateFile.write(dir.resolve("renumber.json"), older.encode());
    assertThat(Renumbering.read(dir, new Damages())).isEqualTo(Renumbering.ALL);
    assertThat(Renumbering.read(dir, new Damages())).isEqualTo(Renumbering.ALL);
    new Renumbering("f0f0f0f0", 5, 9, 4).save(dir);
    assertThat(Renumbering.read(dir, new Damages()))
        .isEqualTo(new Renumbering("f0f0f0f0", 5, 9, 4));
  }

  // --- older epochs

  @Test
  @DisplayName("are all epochs from the oldest on, in order, wherever a crash comes in between")
  void olderEpochs() throws IOException {
    threeEpochs();
    SpoolIdentity current = identity();
    Path before = dir.resolveSibling(dir.getFileName() + "-before");
    Fixture.copy(dir, before);
    for (int unmarked = 0; unmarked <= 2; unmarked++) {
      dir = before.resolveSibling(before.getFileName() + "-" + unmarked);
      Fixture.copy(before, dir);
      Damages damages = new Damages();
      renumber(current, damages);
      assertThat(damages.count()).isEqualTo(3);
      List<Path> older = Retirement.directories(dir);
      assertThat(older).hasSize(3);
      for (Path each : older.subList(0, unmarked)) {
        Files.delete(each.resolve("renumber.json"));
      }
      Found found = open();
      assertThat(found.older()).hasSize(unmarked);
      assertThat(numbers(found)).isEqualTo(IntStream.rangeClosed(1, 30).boxed().toList());
      assertThat(told).isEqualTo(30 - 10 * unmarked);
      close(found);
    }
  }

  @Test
  @DisplayName("is told once, also where a later epoch fails and all begins again")
  void toldOnce() throws IOException {
    threeEpochs();
    renumber(identity(), new Damages());
    Path third = Retirement.directories(dir).get(2);
    Journal inTheWay =
        Journal.open(
            JournalOptions.framed(third, Spool.NAME), State.NONE, new Damages(), TimeSource.SYSTEM);
    for (int attempt = 0; attempt < 3; attempt++) {
      assertThatThrownBy(this::open).isInstanceOf(IOException.class);
    }
    inTheWay.close();
    Found found = open();
    assertThat(numbers(found)).isEqualTo(IntStream.rangeClosed(1, 30).boxed().toList());
    assertThat(told).isEqualTo(30);
    close(found);
  }

  @Test
  @DisplayName("is told also where the spool is opened only to learn what it is called")
  void toldBeforeTheStart() throws IOException {
    threeEpochs();
    renumber(identity(), new Damages());
    Files.delete(dir.resolve("identity.json"));
    String name = Spool.nameOf(config(), new Damages(), TimeSource.SYSTEM, count -> told += count);
    assertThat(name).isEqualTo("pi");
    assertThat(told).isEqualTo(30);
  }

  @Test
  @DisplayName("is put aside where an attempt without room had begun to put it")
  void begunBefore() throws IOException {
    Found found = open();
    append(found, 1, 10);
    close(found);
    SpoolIdentity identity = identity();
    Files.createDirectory(dir.resolve("old-1-" + identity.epoch()));
    renumber(identity, new Damages());
    assertThat(Retirement.directories(dir)).hasSize(1);
    found = open();
    assertThat(numbers(found)).hasSize(10);
    close(found);
  }

  // --- pieces, and what is left behind

  @Test
  @DisplayName("goes in pieces of a segment, so that none is larger than what is dropped at once")
  void pieces() throws IOException {
    segmentBytes = 1 << 18; // as it was configured before
    Found found = open();
    append(found, 1, 200);
    close(found);
    segmentBytes = 4_096;
    renumber(identity(), new Damages());
    found = open();
    assertThat(numbers(found)).hasSize(200);
    assertThat(found.current().journal().dropOldest()).isBetween(1L, 40L);
    close(found);
  }

  @Test
  @DisplayName("is not carried once more, whichever file is the last that a crash lets go")
  void carriedAndNotRemoved() throws IOException {
    Found found = open();
    append(found, 1, 60);
    close(found);
    renumber(identity(), new Damages());
    Path kept = dir.resolveSibling(dir.getFileName() + "-kept");
    Fixture.copy(Retirement.directories(dir).get(0), kept);
    close(open());
    String fresh = identity().epoch();
    int files = count(kept);
    assertThat(files).isGreaterThan(8);
    for (int gone = 0; gone <= files; gone++) {
      Path old = dir.resolve("old-1-kept");
      Fixture.copy(kept, old);
      new Renumbering(fresh, 61, 61, 60).save(old);
      told = 0;
      removeOnly(gone, old);
      found = open();
      assertThat(found.older()).as("%d removed", gone).isEmpty();
      assertThat(found.current().journal().next()).as("%d removed", gone).isEqualTo(61);
      assertThat(told).isEqualTo(gone == files ? 0 : 60);
      assertThat(Retirement.directories(dir)).isEmpty();
      close(found);
    }
  }

  @Test
  @DisplayName("is not what was sent of an older epoch, whichever file is the last to go")
  void sentAndNotRemoved() throws IOException {
    Found found = open();
    append(found, 1, 60);
    close(found);
    new AcknowledgedPosition(dir, identity()).save(61, 61);
    Path kept = dir.resolveSibling(dir.getFileName() + "-kept");
    Fixture.copy(dir, kept);
    int files = count(kept);
    for (int gone = 0; gone <= files; gone++) {
      Path old = dir.resolve("old-1-kept");
      Fixture.copy(kept, old);
      removeOnly(gone, old);
      found = open();
      assertThat(found.older()).as("%d removed", gone).isEmpty();
      close(found);
    }
  }

  // --- what the tests are made of

  /** Of 1 to 10, 11 to 20 and 21 to 30; the third is the one that is not aside. */
  private void threeEpochs() throws IOException {
    for (int from = 1; from <= 21; from += 10) {
      Found found = open();
      append(found, from, from + 9);
      close(found);
      if (from < 21) {
        Files.delete(dir.resolve(AcknowledgedPosition.FILE));
      }
    }
    assertThat(Retirement.directories(dir)).hasSize(2);
  }

  private void removeOnly(int files, Path old) throws IOException {
    AtomicInteger left = new AtomicInteger(files);
    Removal crashing =
        file -> {
          if (left.getAndDecrement() == 0) {
            throw new IOException("a crash");
          }
          Files.delete(file);
        };
    if (files == count(old)) {
      Retirement.clear(old, crashing);
    } else {
      assertThatThrownBy(() -> Retirement.clear(old, crashing)).hasMessage("a crash");
    }
  }

  private static int count(Path old) throws IOException {
    try (Stream<Path> files = Files.list(old)) {
      return (int) files.filter(Files::isRegularFile).count();
    }
  }

  private SpoolIdentity identity() throws IOException {
    return SpoolIdentity.read(dir, new Damages()).orElseThrow().value();
  }

  private void renumber(SpoolIdentity identity, Damages damages) throws IOException {
    told = 0;
    SpoolMemo memo = new SpoolMemo(dir, new Damages());
    Spool.renumber(config(), identity, "it is ahead", memo, damages, TimeSource.SYSTEM);
  }

  private Found open() throws IOException {
    Damages damages = new Damages();
    SpoolMemo memo = new SpoolMemo(dir, damages);
    return Spool.open(config(), "pi", memo, damages, TimeSource.SYSTEM, count -> told += count);
  }

  private SpoolConfig config() {
    return new SpoolConfig(dir, 1 << 20, segmentBytes, Duration.ZERO, WhenFull.BLOCK);
  }

  private static void close(Found found) {
    found.older().forEach(spool -> spool.journal().close());
    found.current().journal().close();
  }

  private static void append(Found found, int from, int to) {
    for (int n = from; n <= to; n++) {
      String record = "{\"n\":" + n + ",\"f\":\"" + PADDING + "\"}";
      found.current().journal().append(lines(record)).join();
    }
  }

  private static List<Integer> numbers(Found found) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    for (Spool each : found.older()) {
      numbers.addAll(numbers(each));
    }
    numbers.addAll(numbers(found.current()));
    return numbers;
  }

  /** Whose ids go up one by one. */
  private static List<Integer> numbers(Spool spool) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    try (Cursor cursor = spool.journal().cursor(1)) {
      for (Slice s = cursor.read(50, 4_096); !s.isEmpty(); s = cursor.read(50, 4_096)) {
        for (String line : Texts.texts(s.lines())) {
          JsonObject record = new JsonObject(line);
          numbers.add(record.getInteger("n"));
          assertThat(record.getString("_id")).isEqualTo(spool.identity() + "." + numbers.size());
        }
      }
    }
    return numbers;
  }
}
