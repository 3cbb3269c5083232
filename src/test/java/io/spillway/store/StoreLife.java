package io.spillway.store;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.disk.ForgettingDisk;
import io.spillway.disk.Life;
import io.spillway.journal.Cursor;
import io.spillway.journal.Damages;
import io.spillway.journal.Disk;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalOptions;
import io.spillway.journal.Slice;
import io.spillway.journal.State;
import io.spillway.journal.StateFile;
import io.spillway.journal.StateFile.Content;
import io.spillway.message.Texts;
import io.spillway.time.TimeSource;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;

/**
 * What the server keeps: a journal that retention shortens, the marks of an edge, the journal's
 * name, and what was deleted. The edge keeps nothing that was acknowledged.
 */
public final class StoreLife implements Life<StoreLife.Promised> {
  private static final String SOURCE = "edge.3f9a1c2e";

  /**
   * What has to hold.
   *
   * @param records by offset, all that an edge or a reader knows of
   * @param acknowledged the edge has let go of what is below
   * @param name of the journal; empty while nobody can have kept it
   */
  public record Promised(TreeMap<Long, String> records, long acknowledged, String name) {}

  @Override
  public Promised before(Path dir, Random random) {
    return new Promised(new TreeMap<>(), 1, "");
  }

  @Override
  public void live(ForgettingDisk disk, Promised promised, Random random, int steps)
      throws Exception {
    Run run = new Run(disk, promised, random);
    try {
      run.open();
      for (int step = 0; step < steps; step++) {
        run.step();
      }
    } finally {
      run.close();
    }
  }

  private static final class Run {
    private final ForgettingDisk disk;
    private final Path dir;
    private final Random random;
    private final TreeMap<Long, String> records;
    private long acknowledged;
    private String name;
    private String named;
    private Journal journal;
    private EdgeMarks marks;
    private CheckpointWriter checkpoints;

    Run(ForgettingDisk disk, Promised promised, Random random) {
      this.disk = disk;
      this.random = random;
      dir = disk.root().resolve("data").resolve("in");
      records = new TreeMap<>(promised.records);
      acknowledged = promised.acknowledged;
      name = promised.name;
    }

    /** As {@link Store} does. */
    void open() throws IOException {
      Disk.REAL.makeDirectories(dir);
      long deleted = deleted();
      Damages damages = new Damages();
      Optional<Content<JournalName>> read = JournalName.read(dir, damages);
      boolean older = read.isEmpty() || !read.get().checked();
      Optional<Content<Checkpoint>> saved = Checkpoint.read(dir, older, damages);
      Optional<Checkpoint> checked = saved.filter(Content::checked).map(Content::value);
      State known =
          checked.map(c -> new State(c.anchor().activeFirst(), c.offset())).orElse(State.NONE);
      RetentionNotes notes = RetentionNotes.read(dir, "in", damages);
      journal = Journal.open(options().withNotes(notes), known, damages, TimeSource.SYSTEM);
      notes.begin(journal.first(), journal.next());
      JournalName of = JournalName.settle(read, checked.map(Checkpoint::anchor), journal.next());
      named = of.name();
      marks = new EdgeMarks();
      long needed = new MarksRecovery(journal, of.trustedFrom()).run(marks, saved);
      journal.retainFrom(needed);
      checkpoints = new CheckpointWriter(null, dir, marks, journal, of);
      checkpoints.saveFirst();
      if (!read.equals(Optional.of(new Content<>(of, true)))) {
        of.save(dir);
      }
      if (!disk.isPatchy()) {
        assertThat(damages.words()).isEmpty();
      }
      check(deleted);
    }

    /** Everything below was deleted because that was wanted. */
    private long deleted() throws IOException {
      Path file = dir.resolve("in.deleted.json");
      if (Files.notExists(file)) {
        return 1;
      }
      JsonObject said = new JsonObject(StateFile.open(Files.readAllBytes(file)).json());
      assertThat(said.getLong("from")).isEqualTo(1);
      return said.getLong("below");
    }

    private void check(long deleted) throws IOException {
      NavigableMap<Long, String> found = found();
      assertThat(found.values()).doesNotHaveDuplicates();
      records.forEach(
          (offset, record) -> {
            if (offset >= deleted || found.containsKey(offset)) {
              assertThat(found.get(offset)).as("offset " + offset).isEqualTo(record);
            }
          });
      assertThat(deleted)
          .as("deleted, and not in the checkpoint")
          .isLessThanOrEqualTo(marks.offset());
      long durable = marks.of(SOURCE).durable();
      assertThat(durable).as("mark").isGreaterThanOrEqualTo(acknowledged);
      if (!found.isEmpty()) {
        Set<Long> numbers = found.values().stream().map(Run::number).collect(toSet());
        assertThat(Collections.max(numbers)).isEqualTo(marks.of(SOURCE).highest() - 1);
        assertThat(numbers).doesNotContain(durable);
      }
      if (!name.isEmpty()) {
        assertThat(named).as("name").isEqualTo(name);
      }
      records.putAll(found);
      acknowledged = durable;
      name = records.isEmpty() ? "" : named;
      promise();
    }

    private static long number(String text) {
      return Long.parseLong(text.substring(text.lastIndexOf('.') + 1, text.length() - 2));
    }

    private NavigableMap<Long, String> found() throws IOException {
      TreeMap<Long, String> found = new TreeMap<>();
      try (Cursor cursor = journal.cursor(1)) {
        for (Slice s = cursor.read(20, 1_000); !s.isEmpty(); s = cursor.read(20, 1_000)) {
          long offset = s.first();
          for (String text : Texts.texts(s.lines())) {
            found.put(offset++, text);
          }
        }
      }
      return found;
    }

    private JournalOptions options() {
      return JournalOptions.plain(dir, "in")
          .withSegments(500, Duration.ZERO)
          .withGzip(true)
          .withRetention(1_500, Duration.ZERO);
    }

    private void promise() {
      disk.promise(new Promised(new TreeMap<>(records), acknowledged, name));
    }

    void step() throws IOException {
      boolean killed = random.nextInt(4) == 0;
      if (killed) {
        disk.killAfter(random.nextInt(14));
      }
      try {
        switch (random.nextInt(5)) {
          case 0 -> checkpoints.saveFirst();
          case 1 -> {
            close();
            open();
          }
          default -> append();
        }
      } catch (IOException | CompletionException error) {
        assertThat(disk.isDead()).as("killed, and not " + error).isTrue();
      }
      if (disk.isDead()) {
        close();
        disk.revive();
        open();
      }
      disk.revive();
    }

    private void append() {
      EdgeMark mark = marks.of(SOURCE);
      List<String> texts = new ArrayList<>();
      int count = mark.beyond().isEmpty() ? 1 + random.nextInt(4) : 1; // a hole is filled
      for (int i = 0; i < count; i++) {
        long n = random.nextLong() >>> 24;
        texts.add("{\"n\":" + n + ",\"_id\":\"" + SOURCE + '.' + (mark.durable() + i) + "\"}");
      }
      long first = journal.append(Texts.lines(texts)).join();
      marks.submitted(mark, texts.size());
      marks.stored(mark, first, texts.size());
      for (int i = 0; i < texts.size(); i++) {
        assertThat(records.put(first + i, texts.get(i))).as("given out already").isNull();
      }
      acknowledged = mark.durable();
      name = named;
      promise();
    }

    void close() {
      if (journal != null) {
        journal.close();
        journal = null;
      }
    }
  }
}
