package io.spillway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.ReadRequest;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalOptions;
import io.spillway.message.Texts;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The readers of the journal")
class ReadersTest {
  private static final long KEPT = Readers.KEPT.toNanos();

  @TempDir Path dir;
  private Journal journal;
  private Readers readers;

  @BeforeEach
  void open() throws Exception {
    JournalOptions options =
        JournalOptions.plain(dir, "ingest").withSegments(1 << 20, Duration.ofHours(1));
    journal = Journal.open(options, TimeSource.SYSTEM);
    for (int n = 1; n <= 20; n++) {
      journal.append(Texts.lines("{\"n\":" + n + "}")).join();
    }
    readers = new Readers(journal, "a");
  }

  @AfterEach
  void close() throws IOException {
    readers.close();
    journal.close();
  }

  private void read(long from, long nowNanos) throws IOException {
    assertThat(readers.read(new ReadRequest(from, 1, 1_000), nowNanos).first()).isEqualTo(from);
  }

  @Test
  @DisplayName("are forgotten, and their files closed, a minute after they have read something")
  void gone() throws IOException {
    for (int from = 1; from <= 10; from++) {
      read(2 * from - 1, from); // each with its own place
    }
    assertThat(readers.kept()).isEqualTo(10);
    readers.tick(KEPT + 1);
    assertThat(readers.kept()).isEqualTo(10);
    readers.tick(KEPT + 6);
    assertThat(readers.kept()).isEqualTo(5);
    readers.tick(KEPT + 11);
    assertThat(readers.kept()).isZero();
  }

  @Test
  @DisplayName("keep their place as long as they read on")
  void goesOn() throws IOException {
    read(1, 0);
    read(11, 1);
    read(2, KEPT);
    readers.tick(KEPT + 2);
    assertThat(readers.kept()).isEqualTo(1);
    read(3, 2 * KEPT);
    assertThat(readers.kept()).isEqualTo(1);
  }

  @Test
  @DisplayName("of whom two have come to one place are one, as young as the younger")
  void two() throws IOException {
    read(1, 0);
    read(11, 1);
    read(1, KEPT);
    readers.tick(KEPT + 2);
    assertThat(readers.kept()).isEqualTo(1);
  }
}
