package io.spillway.batch;

import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.batch.Spool.Found;
import io.spillway.config.SpoolConfig;
import io.spillway.config.WhenFull;
import io.spillway.fixtures.Fixture;
import io.spillway.journal.Cursor;
import io.spillway.journal.Damages;
import io.spillway.journal.Layout;
import io.spillway.journal.Slice;
import io.spillway.journal.StateFile;
import io.spillway.kit.Await;
import io.spillway.message.Lines;
import io.spillway.message.Texts;
import io.spillway.redelivery.CommitMemo;
import io.spillway.redelivery.Habit;
import io.spillway.redelivery.SessionMemory;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A spool")
class SpoolTest {
  @TempDir Path temp;
  private Path dir;
  private Found found;
  private long renumbered;

  @AfterEach
  void close() {
    if (found != null) {
      found.older().forEach(spool -> spool.journal().close());
      found.current().journal().close();
      found = null;
    }
  }

  @Test
  @DisplayName("goes on with its epoch while nothing is wrong with it")
  void whole() throws IOException {
    open();
    SpoolIdentity identity = found.current().identity();
    append(1, 5);
    crash();
    assertThat(found.current().identity()).isEqualTo(identity);
    assertThat(found.older()).isEmpty();
    assertThat(found.damages().words()).isEmpty();
    assertThat(found.current().journal().next()).isEqualTo(6);
  }

  @Test
  @DisplayName("is opened where directories stand in place of its small files")
  void directories() throws IOException {
    open();
    append(1, 3);
    save();
    close();
    for (String name : List.of("redelivery-0", "redelivery-1", "key.json", "identity.json.tmp")) {
      Files.deleteIfExists(dir.resolve(name));
      Files.createDirectories(dir.resolve(name).resolve("in"));
    }
    open();
    assertThat(found.current().journal().next()).isEqualTo(4);
    assertThat(found.current().key()).isNotNull();
    assertThat(dir.resolve("quarantine").resolve("redelivery-1-0-1")).isDirectory();
    new SpoolMemo(dir, new Damages()).keep();
  }

  @Test
  @DisplayName("that has given out numbers and lost whose they were, and all records, begins anew")
  void nobodys() throws IOException {
    open();
    SpoolIdentity identity = found.current().identity();
    append(1, 3);
    save();
    crash(
        () -> {
          Files.writeString(spool(), "[\"segment\",101,0,0,\"c0f76279\",\"\"]\n");
          Files.delete(dir.resolve("identity.json"));
          Files.delete(dir.resolve("acknowledged"));
        });
    assertThat(found.current().identity().edge()).isEqualTo("pi");
    assertThat(found.current().identity().epoch()).isNotEqualTo(identity.epoch());
    assertThat(found.current().journal().next()).isEqualTo(1);
    assertThat(found.current().key()).isNotNull();
    assertThat(found.older()).isEmpty();
    assertThat(found.damages().words()).contains("is of no edge and epoch that anything names");
    crash();
    assertThat(found.damages().words()).isEmpty();
  }

  @Test
  @DisplayName("that was cut begins a new epoch, and has what is left as what it was")
  void cut() throws IOException {
    open();
    SpoolIdentity identity = found.current().identity();
    append(1, 3);
    append(4, 5);
    save();
    crash(() -> Files.writeString(spool(), head("[\"chunk\",4")));

    assertThat(found.current().identity().edge()).isEqualTo("pi");
    assertThat(found.current().identity().epoch()).isNotEqualTo(identity.epoch());
    assertThat(found.current().journal().next()).isEqualTo(1);
    assertThat(found.older()).hasSize(1);
    assertThat(found.older().get(0).identity()).isEqualTo(identity);
    assertThat(records(found.older().get(0)))
        .isEqualTo(IntStream.rangeClosed(1, 3).mapToObj(n -> record(identity, n)).toList());
    assertThat(found.damages().words())
        .contains("ends at 3, and had given out 5")
        .contains("4 to 5 are lost where the server does not have them")
        .contains(found.current().identity().toString());
  }

  @Test
  @DisplayName("that was cut keeps the key of what is left, and has another for what comes")
  void keys() throws IOException {
    open();
    String key = found.current().key();
    new AcknowledgedEpoch(dir).remember(found.current().identity().epoch());
    append(1, 3);
    append(4, 5);
    save();
    crash(() -> Files.writeString(spool(), head("[\"chunk\",4")));

    Spool old = found.older().get(0);
    assertThat(old.key()).isEqualTo(key);
    assertThat(old.end()).isEqualTo(6); // as its acknowledged says
    assertThat(new AcknowledgedEpoch(old.dir()).is(old.identity().epoch())).isTrue();
    assertThat(found.current().key()).matches("[0-9a-f]{32}").isNotEqualTo(key);
    assertThat(found.current().end()).isEqualTo(1);
    String fresh = found.current().key();
    crash();
    assertThat(found.older().get(0).key()).isEqualTo(key);
    assertThat(found.current().key()).isEqualTo(fresh);
  }

  @Test
  @DisplayName("gives what waits new numbers when a server knows more of them than it gave out")
  void renumbered() throws IOException {
    open();
    SpoolIdentity identity = found.current().identity();
    append(1, 25_000);
    new AcknowledgedPosition(dir, identity).save(3, 25_001);
    close();
    Damages damages = new Damages();
    Spool.renumber(
        config(),
        identity,
        "it is at 99",
        new SpoolMemo(dir, new Damages()),
        damages,
        TimeSource.SYSTEM);
    assertThat(damages.words()).contains("it is at 99").contains("24998 records that wait");

    for (int start = 0; start < 2; start++) { // the second as after a crash that left all behind
      open();
      SpoolIdentity fresh = found.current().identity();
      assertThat(fresh.edge()).isEqualTo("pi");
      assertThat(fresh).isNotEqualTo(identity);
      assertThat(found.older()).isEmpty();
      assertThat(renumbered).isEqualTo(start == 0 ? 24_998 : 0);
      assertThat(found.current().key()).matches("[0-9a-f]{32}");
      assertThat(found.current().journal().next()).isEqualTo(24_999);
      assertThat(records(found.current()).get(0))
          .isEqualTo("{\"n\":3,\"_id\":\"" + fresh + ".1\"}");
      close();
    }
  }

  @Test
  @DisplayName("goes on with new numbers where a crash had stopped it, also behind a hole")
  void renumberedInPart() throws IOException {
    open();
    SpoolIdentity identity = found.current().identity();
    for (int from = 1; from < 40_000; from += 1_000) {
      append(from, from + 999);
    }
    close();
    renumber(identity);
    Path old = Retirement.directories(dir).get(0);
    Path kept = temp.resolve("kept");
    Fixture.copy(old, kept);
    open();
    SpoolIdentity fresh = found.current().identity();
    close();
    // As if it had ended in between: the segments are there, of the new ones but the first part.
    Fixture.copy(kept, old);
    new Renumbering(fresh.epoch(), 1, 1, 0).save(old); // as it begins
    try (Stream<Path> files = Files.list(dir)) {
      for (Path later : files.filter(file -> firstOf(file) > 1).toList()) {
        Files.delete(later);
      }
    }
    Files.move(segment(1), spool(), StandardCopyOption.REPLACE_EXISTING);
    Files.delete(dir.resolve("spool.state"));
    long carried = Files.readString(spool()).lines().filter(line -> line.startsWith("{")).count();
    assertThat(carried).isBetween(1L, 39_999L);
    open();
    assertThat(found.current().identity()).isEqualTo(fresh);
    assertThat(found.current().journal().next()).isEqualTo(40_001);
    try (Cursor cursor = found.current().journal().cursor(1)) {
      long next = 1;
      while (next < 40_001) {
        for (String line : Texts.texts(cursor.read(1_000, 1 << 20).lines())) {
          assertThat(line).startsWith("{\"n\":" + next + ",").endsWith("." + next + "\"}");
          next++;
        }
      }
    }
    assertThat(Retirement.directories(dir)).isEmpty();
  }

  @Test
  @DisplayName("carries all once more when nobody knows how far it was")
  void renumberedWithoutPlan() throws IOException {
    open();
    SpoolIdentity identity = found.current().identity();
    append(1, 10);
    close();
    renumber(identity);
    Path old = Retirement.directories(dir).get(0);
    Files.writeString(old.resolve("renumber.json"), "{");
    open();
    assertThat(found.older()).isEmpty();
    assertThat(found.current().journal().next()).isEqualTo(11);
    assertThat(renumbered).isEqualTo(10);
  }

  @Test
  @DisplayName("is put aside once, also when the first attempt ended half way")
  void renumberedTwice() throws IOException {
    open();
    SpoolIdentity identity = found.current().identity();
    append(1, 10);
    close();
    renumber(identity);
    renumber(identity);
    assertThat(Retirement.directories(dir)).hasSize(1);
    open();
    assertThat(found.current().journal().next()).isEqualTo(11);
  }

  @Test
  @DisplayName("that was deleted begins a new epoch, and there is nothing to send of the old one")
  void deleted() throws IOException {
    open();
    SpoolIdentity identity = found.current().identity();
    append(1, 5);
    save();
    crash(() -> Files.delete(spool()));
    assertThat(found.current().identity()).isNotEqualTo(identity);
    append(1, 2);
    assertThat(records(found.current())).contains(record(found.current().identity(), 1));
    assertThat(found.damages().words()).contains("1 to 5 are lost");
    crash();
    assertThat(found.older()).as("an empty one is removed").isEmpty();
    assertThat(dir.resolve("ends.json"))
        .content()
        .contains("\"" + identity + "\":{\"end\":6,\"certain\":true}");
  }

  @Test
  @DisplayName("says no more which of its numbers are nowhere once what waits of it has others")
  void renumberedEnd() throws IOException {
    open();
    SpoolIdentity identity = found.current().identity();
    append(1, 5);
    crash(() -> Files.delete(dir.resolve(AcknowledgedPosition.FILE)));
    Path ends = dir.resolve("ends.json");
    assertThat(ends).content().contains("\"" + identity + "\":{\"end\":6,");
    SpoolIdentity fresh = found.current().identity();
    close();
    renumber(fresh);
    assertThat(ends).content().contains("\"" + identity + "\":{\"end\":1,\"certain\":false}");
  }

  @Test
  @DisplayName("says of what it let go of in the second before a crash only what was put down")
  void letGo() throws IOException {
    open();
    SpoolIdentity identity = acknowledged(1_001);
    crash();
    assertThat(found.current().assured()).as("nothing was let go of").isEqualTo(1_001);
    found.current().journal().release(15_001);
    Await.until(
        "let go of", Duration.ofSeconds(20), () -> found.current().journal().first() > 10_000);
    crash();
    assertThat(found.current().journal().first()).isGreaterThan(10_000);
    assertThat(found.current().assured()).as("a plain server may have read it").isEqualTo(1_001);
    new AcknowledgedPosition(dir, identity).save(15_001, 20_001, 15_001);
    crash();
    assertThat(found.current().assured()).isEqualTo(15_001);
  }

  @Test
  @DisplayName("takes nothing for acknowledged whose segment is not there any more")
  void removedAndNotAssured() throws IOException {
    open();
    acknowledged(4);
    crash(() -> Files.delete(segment(1)));
    assertThat(found.current().journal().first()).isGreaterThan(4);
    assertThat(found.current().assured()).isEqualTo(4);
    crash();
    assertThat(found.current().assured()).as("on disk").isEqualTo(4);
  }

  @Test
  @DisplayName("takes nothing for acknowledged whose segment is damaged")
  void damagedAndNotAssured() throws IOException {
    open();
    SpoolIdentity identity = acknowledged(4);
    crash(() -> Files.write(segment(1), new byte[1_000]));
    Spool older = found.older().get(0);
    assertThat(older.identity()).isEqualTo(identity);
    assertThat(older.journal().first()).isGreaterThan(4);
    assertThat(older.assured()).isEqualTo(4);
    crash();
    assertThat(found.older().get(0).assured()).as("on disk").isEqualTo(4);
  }

  /** Of 20,000 records a server has acknowledged those below {@code next}, and that is put down. */
  private SpoolIdentity acknowledged(long next) throws IOException {
    SpoolIdentity identity = found.current().identity();
    manySegments();
    new AcknowledgedEpoch(dir).remember(identity.epoch());
    new AcknowledgedPosition(dir, identity).save(next, 20_001, next);
    return identity;
  }

  @Test
  @DisplayName("takes nothing for acknowledged that it has dropped")
  void droppedAndNotAssured() throws IOException {
    open();
    acknowledged(1_001);
    while (found.current().journal().first() < 5_000) {
      found.current().journal().dropOldest();
    }
    crash();
    assertThat(found.current().journal().first()).isGreaterThan(1_001);
    assertThat(found.current().assured()).isEqualTo(1_001);
  }

  @Test
  @DisplayName("begins behind what is noted as dropped, though a crash has left it in the spool")
  void droppedAndLeft() throws IOException {
    open();
    SpoolIdentity identity = acknowledged(1_001);
    found.current().dropped().deleting(1_001, 3_001); // and it is killed before they go
    crash();
    assertThat(found.current().journal().first()).isEqualTo(1);
    assertThat(found.current().acknowledged()).isEqualTo(3_001);
    crash(() -> Files.delete(dir.resolve("acknowledged")));
    assertThat(found.older().get(0).identity()).isEqualTo(identity);
    assertThat(found.older().get(0).acknowledged()).isEqualTo(3_001);
  }

  @Test
  @DisplayName("gives no number again that is noted as dropped: files may be put back without it")
  void droppedBeyondTheEnd() throws IOException {
    open();
    SpoolIdentity identity = acknowledged(1_001);
    found.current().dropped().deleting(1_001, 30_001);
    crash();
    assertThat(found.current().identity()).isNotEqualTo(identity);
    assertThat(found.current().journal().next()).isEqualTo(1);
    assertThat(found.older()).as("all of it is dropped").isEmpty();
    assertThat(Files.readString(dir.resolve("ends.json")))
        .as("how far they were given out nothing says")
        .contains("\"end\":30001,\"certain\":false");
  }

  @Test
  @DisplayName("keeps what a server has said itself where identity or segments are damaged")
  void assuredKept() throws IOException {
    open();
    SpoolIdentity identity = found.current().identity();
    append(1, 5);
    append(6, 9);
    new AcknowledgedPosition(dir, identity).save(4, 10, 3);
    crash(() -> Files.delete(dir.resolve("identity.json")));
    assertThat(found.current().assured()).isEqualTo(3);
    crash();
    assertThat(found.current().assured()).as("on disk").isEqualTo(3);
    crash(() -> Files.writeString(spool(), head("[\"chunk\",6")));
    assertThat(found.older().get(0).identity()).isEqualTo(identity);
    assertThat(found.older().get(0).assured()).isEqualTo(3);
  }

  private void manySegments() {
    for (int from = 1; from < 20_000; from += 1_000) {
      append(from, from + 999);
    }
  }

  @Test
  @DisplayName("tells at the next start that what it knew of older epochs is damaged")
  void damagedEnds() throws IOException {
    open();
    append(1, 5);
    save();
    crash(() -> Files.delete(spool()));
    crash(() -> Files.writeString(dir.resolve("ends.json"), "{"));
    assertThat(found.damages().words()).contains("ends.json");
    assertThat(dir.resolve("quarantine/ends.json-0-1")).exists();
  }

  @ParameterizedTest(name = "{0} over {1}")
  @CsvSource({"2, 0", "3, 1", "1, 0", "0, 2", "0, 3"})
  @DisplayName("of which one segment is a copy of another sends all that the others hold")
  void copied(int from, int over) throws IOException {
    open();
    SpoolIdentity identity = found.current().identity();
    int last = 8_000;
    for (int n = 1; n < last; n += 10) {
      append(n, n + 9);
    }
    save();
    List<Path> closed = segments();
    assertThat(closed.size()).isGreaterThan(4);
    long first = Layout.firstOf(closed.get(over));
    long next = Layout.firstOf(closed.get(over + 1));
    crash(
        () -> {
          List<Path> copies = segments();
          Files.copy(copies.get(from), copies.get(over), StandardCopyOption.REPLACE_EXISTING);
        });

    assertThat(found.older()).hasSize(1);
    Set<String> left = Set.copyOf(records(found.older().get(0)));
    for (int n = 1; n <= last; n++) {
      boolean damaged = n >= first && n < next;
      assertThat(left.contains(record(identity, n))).as("record " + n).isNotEqualTo(damaged);
    }
    assertThat(found.damages().words())
        .contains("about " + (next - first) + " records in it are lost");
  }

  private List<Path> segments() throws IOException {
    return new Layout(dir, Spool.NAME).closedSegments();
  }

  @Test
  @DisplayName("knows its epoch from its records when the identity is lost or changed")
  void identity() throws IOException {
    open();
    SpoolIdentity identity = found.current().identity();
    append(1, 5);
    crash(() -> Files.delete(dir.resolve(SpoolIdentity.FILE)));
    assertThat(found.current().identity()).isEqualTo(identity);
    crash(() -> edit(SpoolIdentity.FILE, identity.epoch(), "ffffffff"));
    assertThat(found.current().identity()).isEqualTo(identity);
    assertThat(found.older()).isEmpty();
    assertThat(dir.resolve("quarantine/identity.json-0-1")).exists();
    append(6, 6);
    assertThat(records(found.current())).contains(record(identity, 6));
  }

  @Test
  @DisplayName("of version 0.1 goes on, unless its records say something else than its identity")
  void older() throws IOException {
    open();
    SpoolIdentity identity = found.current().identity();
    append(1, 5);
    String text = "{\"edge\":\"pi\",\"epoch\":\"%s\"}";
    crash(
        () -> {
          Files.writeString(dir.resolve(SpoolIdentity.FILE), text.formatted(identity.epoch()));
          Files.writeString(dir.resolve(AcknowledgedPosition.FILE), "1401");
        });
    assertThat(found.current().identity()).isEqualTo(identity);
    assertThat(found.current().acknowledged()).isEqualTo(1);
    crash(() -> Files.writeString(dir.resolve(SpoolIdentity.FILE), text.formatted("ffffffff")));
    assertThat(found.older()).extracting(Spool::identity).containsExactly(identity);
    assertThat(found.current().identity().epoch()).isNotIn(identity.epoch(), "ffffffff");
  }

  @Test
  @DisplayName("is put aside once, wherever a crash comes in between")
  void crashes() throws IOException {
    open();
    SpoolIdentity identity = found.current().identity();
    append(1, 5);
    save();
    crash(() -> Files.delete(dir.resolve(AcknowledgedPosition.FILE)));
    SpoolIdentity fresh = found.current().identity();
    Path old = found.older().get(0).dir();
    String plan =
        "{\"edge\":\"pi\",\"epoch\":\"%s\",\"into\":\"%s\"}"
            .formatted(fresh.epoch(), old.getFileName());

    crash(() -> plan(plan)); // all but the last step was done
    assertThat(found.current().identity()).isEqualTo(fresh);
    assertThat(found.older()).extracting(Spool::identity).containsExactly(identity);
    crash(
        () -> { // nothing was moved yet
          Files.move(dir.resolve(old.getFileName()).resolve("spool.ndjson"), spool());
          identity.save(dir);
          plan(plan);
        });
    assertThat(found.current().identity()).isEqualTo(fresh);
    assertThat(found.older()).extracting(Spool::identity).containsExactly(identity);
    assertThat(records(found.older().get(0))).hasSize(5);
    assertThat(found.current().journal().next()).isEqualTo(1);
  }

  @Test
  @DisplayName("belongs to an edge of one name, which its configuration must not change")
  void otherName() throws IOException {
    open();
    append(1, 1);
    close();
    Damages damages = new Damages();
    assertThatThrownBy(
            () ->
                Spool.open(
                    config(),
                    "pi-2",
                    new SpoolMemo(dir, damages),
                    damages,
                    TimeSource.SYSTEM,
                    renumbered -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("edge.name");
  }

  // --- what the tests are made of

  private interface Meanwhile {
    void run() throws IOException;
  }

  private void open() throws IOException {
    if (dir == null) {
      dir = temp.resolve("spool");
    }
    Damages damages = new Damages();
    SpoolMemo memo = new SpoolMemo(dir, damages);
    renumbered = 0;
    found =
        Spool.open(config(), "pi", memo, damages, TimeSource.SYSTEM, count -> renumbered += count);
  }

  private SpoolConfig config() {
    return new SpoolConfig(dir, 1 << 20, 1 << 16, Duration.ZERO, WhenFull.BLOCK);
  }

  private void crash() throws IOException {
    crash(() -> {});
  }

  /** Goes on from a copy of what is on disk now. */
  private void crash(Meanwhile meanwhile) throws IOException {
    Path copy = dir.resolveSibling(dir.getFileName() + "-copy");
    Fixture.copy(dir, copy);
    close();
    dir = copy;
    meanwhile.run();
    open();
  }

  private void append(int from, int to) {
    Lines records =
        lines(IntStream.rangeClosed(from, to).mapToObj(n -> "{\"n\":" + n + "}").toList());
    byte[] memo =
        CommitMemo.ofChunk(from, new SessionMemory().judge(1, Habit.UNKNOWN, false).delta());
    found.current().journal().append(records, memo).join();
  }

  /** As it is done once a second. */
  private void save() throws IOException {
    new AcknowledgedPosition(dir, found.current().identity())
        .save(1, found.current().journal().next());
  }

  private Path spool() {
    return dir.resolve("spool.ndjson");
  }

  private void renumber(SpoolIdentity identity) throws IOException {
    Spool.renumber(
        config(),
        identity,
        "why",
        new SpoolMemo(dir, new Damages()),
        new Damages(),
        TimeSource.SYSTEM);
  }

  private Path segment(long first) {
    return dir.resolve("spool-%020d.ndjson".formatted(first));
  }

  private static long firstOf(Path file) {
    String name = file.getFileName().toString();
    return name.matches("spool-\\d{20}\\.ndjson") ? Long.parseLong(name.substring(6, 26)) : 0;
  }

  private String head(String until) throws IOException {
    String text = Files.readString(spool());
    return text.substring(0, text.indexOf(until));
  }

  private void edit(String file, String part, String replacement) throws IOException {
    String text = Files.readString(dir.resolve(file));
    Files.writeString(dir.resolve(file), text.replace(part, replacement));
  }

  private void plan(String json) throws IOException {
    StateFile.write(dir.resolve("retiring.json"), json);
  }

  private static List<String> records(Spool spool) throws IOException {
    List<String> records = new ArrayList<>();
    try (Cursor cursor = spool.journal().cursor(1)) {
      for (Slice slice = cursor.read(1_000, 1 << 20);
          !slice.isEmpty();
          slice = cursor.read(1_000, 1 << 20)) {
        records.addAll(Texts.texts(slice.lines()));
      }
    }
    return records;
  }

  private static String record(SpoolIdentity identity, int n) {
    return "{\"n\":" + n + ",\"_id\":\"" + identity + '.' + n + "\"}";
  }
}
