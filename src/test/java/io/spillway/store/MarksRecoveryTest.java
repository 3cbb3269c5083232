package io.spillway.store;

import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.journal.Journal;
import io.spillway.journal.JournalOptions;
import io.spillway.journal.StateFile.Content;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The recovery of the marks")
class MarksRecoveryTest {
  private static final String SOURCE = "pi.3f9a1c2e";

  @TempDir Path dir;
  private Journal journal;

  @BeforeEach
  void open() throws IOException {
    try (Journal before = Journal.open(JournalOptions.plain(dir, "j"), TimeSource.SYSTEM)) {
      for (int seq = 1; seq <= 4; seq++) {
        before.append(lines("{\"n\":1,\"_id\":\"" + SOURCE + '.' + seq + "\"}")).join();
      }
    }
    journal = Journal.open(JournalOptions.plain(dir, "j"), TimeSource.SYSTEM);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  @Test
  @DisplayName("leaves to retention what a checkpoint counts that is to be believed")
  void behindTheCheckpoint() throws IOException {
    assertThat(needed(checkpoint(3, true))).isEqualTo(3);
  }

  @Test
  @DisplayName("needs every record where the checkpoint is lost, unproven, or of a longer journal")
  void all() throws IOException {
    assertThat(needed(Optional.empty())).isEqualTo(1);
    assertThat(needed(checkpoint(3, false))).isEqualTo(1);
    assertThat(needed(checkpoint(9, true))).isEqualTo(1);
  }

  private long needed(Optional<Content<Checkpoint>> saved) throws IOException {
    EdgeMarks marks = new EdgeMarks();
    long needed = new MarksRecovery(journal, 1).run(marks, saved);
    assertThat(marks.of(SOURCE).durable()).isEqualTo(5);
    return needed;
  }

  private static Optional<Content<Checkpoint>> checkpoint(long offset, boolean checked) {
    return Optional.of(new Content<>(new Checkpoint(offset, Map.of(SOURCE, offset)), checked));
  }
}
