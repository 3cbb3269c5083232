package io.spillway.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.journal.Journal;
import io.spillway.journal.JournalOptions;
import io.spillway.journal.StateFile;
import io.spillway.message.Lines;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A spool that verify reads")
class EdgeFilesTest {
  @TempDir private Path dir;
  private final LedgerBook book = new LedgerBook(100);

  @Test
  @DisplayName("is of one time as long as nothing but its records changes")
  void still() throws Exception {
    spool("3f9a", 1);
    assertThat(read(() -> spool("3f9a", 2))).isTrue();
    assertThat(book.problems).isEmpty();
  }

  @Test
  @DisplayName("is of two times if an epoch is put aside while it is read, or one is gone again")
  void putAside() throws Exception {
    spool("3f9a", 1);
    Path old = dir.resolve("old-1-3f9a");
    assertThat(
            read(
                () -> {
                  Files.createDirectory(old);
                  Files.move(dir.resolve("spool.ndjson"), old.resolve("spool.ndjson"));
                }))
        .isFalse();

    Files.delete(old.resolve("spool.ndjson"));
    spool("3f9a", 1);
    assertThat(
            read(
                () -> {
                  Files.delete(old);
                  identity("5c21");
                }))
        .isFalse();
  }

  @Test
  @DisplayName("is of one time if an epoch that was put aside is emptied")
  void emptied() throws Exception {
    spool("3f9a", 1);
    Path old = Files.createDirectory(dir.resolve("old-1-aaaa"));
    assertThat(read(() -> Files.delete(old))).isTrue();
  }

  @Test
  @DisplayName("has no fault if an epoch that was put aside is gone when its turn comes")
  void goneBefore() throws Exception {
    spool("3f9a", 1);
    Path first = Files.createDirectory(dir.resolve("old-1-aaaa"));
    Files.move(dir.resolve("spool.ndjson"), first.resolve("spool.ndjson"));
    Path second = Files.createDirectory(dir.resolve("old-2-bbbb"));
    assertThat(read(() -> Files.delete(second))).isTrue();
    assertThat(book.problems).isEmpty();
  }

  /** What happens on the disk. */
  private interface Change {
    void happen() throws IOException;
  }

  /** Reads it, and with the first bytes that are read of it something happens, once. */
  private boolean read(Change change) throws InterruptedException {
    boolean[] changed = {false};
    try (FileLines files =
        new FileLines(
            bytes -> {
              if (!changed[0]) {
                changed[0] = true;
                happen(change);
              }
            })) {
      boolean ofOneTime = new EdgeFiles(book, files).read(dir);
      assertThat(changed[0]).isTrue();
      return ofOneTime;
    }
  }

  private static void happen(Change change) {
    try {
      change.happen();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private void spool(String epoch, int seq) throws IOException {
    identity(epoch);
    String line = "{\"t\":1,\"_id\":\"pi.%s.%d\"}\n".formatted(epoch, seq);
    JournalOptions options = JournalOptions.framed(dir, "spool");
    try (Journal journal = Journal.open(options, TimeSource.SYSTEM)) {
      journal.append(new Lines(line.getBytes(StandardCharsets.UTF_8), 1)).join();
    }
  }

  private void identity(String epoch) throws IOException {
    StateFile.write(
        dir.resolve("identity.json"), "{\"edge\":\"pi\",\"epoch\":\"%s\"}".formatted(epoch));
  }
}
