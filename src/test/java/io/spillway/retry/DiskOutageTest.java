package io.spillway.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.journal.Journal;
import io.spillway.journal.JournalFailure;
import io.spillway.journal.JournalOptions;
import io.spillway.kit.Heard;
import io.spillway.message.Texts;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@DisplayName("The outage of a journal")
class DiskOutageTest {
  private static final String NAME = "disk-under-test";
  private final Heard heard = new Heard(NAME);
  private final DiskOutage disk = new DiskOutage(LoggerFactory.getLogger(NAME), "disk:");
  private Throwable failed;
  private JournalFailure gone;

  @BeforeEach
  void removeFile(@TempDir Path dir) throws IOException {
    try (Journal journal = Journal.open(JournalOptions.plain(dir, "j"), TimeSource.SYSTEM)) {
      journal.append(Texts.lines("{}")).join();
      Files.delete(dir.resolve("j.ndjson"));
      try {
        journal.append(Texts.lines("{}")).join();
      } catch (CompletionException error) {
        failed = error.getCause();
      }
      gone = journal.gone();
    }
  }

  @AfterEach
  void stopListening() {
    heard.close();
  }

  @Test
  @DisplayName("is logged once, whether it is seen first or met by what comes")
  void once() {
    disk.look(gone);
    disk.look(gone);
    disk.failed(failed);
    disk.look(gone);
    assertThat(heard.lines()).singleElement().asString().startsWith("WARN disk: cannot write: ");
    assertThat(disk.fault().words()).contains("Put it back");
  }

  @Test
  @DisplayName("ends when the file is there again, though nothing comes")
  void ends() {
    disk.failed(failed);
    disk.look(gone);
    disk.look(null);
    assertThat(disk.fault().isEmpty()).isTrue();
    assertThat(heard.lines()).hasSize(2).last().asString().contains("works again");
  }

  @Test
  @DisplayName("does not end with a look where the disk is what fails")
  void anotherReason() {
    disk.failed(new IOException("No space left on device"));
    disk.look(null);
    assertThat(disk.fault().words()).startsWith("No space left");
    disk.stored();
    assertThat(disk.fault().isEmpty()).isTrue();
  }
}
