package io.spillway.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.journal.Damages;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalOptions;
import io.spillway.kit.Heard;
import io.spillway.message.Lines;
import io.spillway.time.TimeSource;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What is noted of retention")
class RetentionNotesTest {
  @TempDir private Path dir;

  @Test
  @DisplayName("is where the journal began to be watched, and how far it is deleted")
  void deleted() throws IOException {
    try (Journal journal = open(2_000)) {
      append(journal, 400);
    }
    long first;
    try (Journal journal = open(0)) { // which retention leaves as it is
      first = journal.first();
    }
    assertThat(first).isGreaterThan(100);
    assertThat(noted()).isEqualTo(new JsonObject().put("from", 1L).put("below", first));
  }

  @Test
  @DisplayName("begins with a journal, not with the file that an earlier one has left")
  void anotherJournal() throws IOException {
    try (Journal journal = open(2_000)) {
      append(journal, 400);
    }
    try (Stream<Path> files = Files.list(dir)) {
      for (Path file : files.filter(path -> !path.toString().contains("deleted")).toList()) {
        Files.delete(file);
      }
    }
    open(0).close();
    assertThat(noted()).isEqualTo(new JsonObject().put("from", 1L).put("below", 1L));
  }

  @Test
  @DisplayName("does not claim what was deleted before there were notes")
  void afterwards() throws IOException {
    try (Journal journal = open(2_000)) {
      append(journal, 400);
    }
    Files.delete(dir.resolve("ingest.deleted.json"));
    open(0).close();
    assertThat(noted().getLong("from")).isGreaterThan(100);
  }

  @Test
  @DisplayName("is not what is still there, where a crash came between note and deletion")
  void stillThere() throws IOException {
    long first;
    try (Journal journal = open(2_000)) {
      append(journal, 400);
      first = journal.first();
    }
    RetentionNotes notes = RetentionNotes.read(dir, "ingest", new Damages());
    notes.deleting(first, first + 20);
    open(0).close();
    assertThat(noted()).isEqualTo(new JsonObject().put("from", 1L).put("below", first));
  }

  @Test
  @DisplayName("does not explain what has gone without a note")
  void takenOut() throws IOException {
    long first;
    try (Journal journal = open(2_000)) {
      append(journal, 400);
      first = journal.first();
    }
    Files.delete(dir.resolve("ingest-%020d.ndjson".formatted(first)));
    long left;
    try (Journal journal = open(0)) {
      left = journal.first();
    }
    assertThat(left).isGreaterThan(first);
    JsonObject before = new JsonObject().put("from", 1L).put("below", first);
    assertThat(noted()).as("so that it is missing").isEqualTo(before);
    try (Journal journal = open(2_000)) {
      append(journal, 400);
    }
    assertThat(noted().getLong("from")).as("nor as soon as more is deleted").isEqualTo(left);
  }

  @Test
  @DisplayName("is as it was where it cannot be put down, and is put down behind what makes room")
  void noRoom() throws IOException {
    open(0).close();
    RetentionNotes notes = RetentionNotes.read(dir, "ingest", new Damages());
    Path away = dir.resolveSibling(dir.getFileName() + "-away");
    Files.move(dir, away);
    Files.createFile(dir); // where a directory should be
    assertThatThrownBy(() -> notes.deleting(1, 21)).isInstanceOf(IOException.class);
    notes.deletingForRoom(1, 11);
    assertThatThrownBy(notes::deleted).isInstanceOf(IOException.class);
    Files.delete(dir);
    Files.move(away, dir);
    notes.deleted();
    assertThat(noted()).isEqualTo(new JsonObject().put("from", 1L).put("below", 11L));
  }

  @Test
  @DisplayName("say what a disk says that does not take them, and not what Java calls it")
  void notTaken() throws IOException {
    RetentionNotes notes = RetentionNotes.read(dir, "ingest", new Damages());
    Path file = dir.resolve("ingest.deleted.json");
    try (Journal journal = open(0);
        Heard heard = new Heard("io.spillway.store.RetentionNotes")) {
      Files.delete(file);
      Files.createDirectories(file.resolve("in the way"));
      notes.begin(journal.first(), journal.next());
      assertThat(heard.lines())
          .singleElement()
          .asString()
          .startsWith("WARN [store] " + file)
          .contains("irectory")
          .doesNotContain("Exception");
    }
  }

  private Journal open(long keepBytes) throws IOException {
    RetentionNotes notes = RetentionNotes.read(dir, "ingest", new Damages());
    JournalOptions options =
        JournalOptions.plain(dir, "ingest")
            .withSegments(500, Duration.ZERO)
            .withRetention(keepBytes, Duration.ZERO)
            .withNotes(notes);
    Journal journal = Journal.open(options, TimeSource.SYSTEM);
    notes.begin(journal.first(), journal.next());
    journal.retainFrom(Long.MAX_VALUE);
    return journal;
  }

  private static void append(Journal journal, int records) {
    for (int i = 0; i < records; i++) {
      journal.append(new Lines("{\"some\":\"record\"}\n".getBytes(UTF_8), 1)).join();
    }
  }

  private JsonObject noted() throws IOException {
    JsonObject noted = new JsonObject(Files.readString(dir.resolve("ingest.deleted.json")));
    noted.remove("crc32c");
    return new JsonObject().put("from", noted.getLong("from")).put("below", noted.getLong("below"));
  }
}
