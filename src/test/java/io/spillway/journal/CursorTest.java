package io.spillway.journal;

import static io.spillway.journal.JournalLines.all;
import static io.spillway.journal.JournalLines.numbered;
import static io.spillway.journal.JournalLines.numbers;
import static io.spillway.journal.JournalLines.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.kit.Heard;
import io.spillway.time.TimeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A cursor")
@Timeout(60)
class CursorTest {
  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource
  @DisplayName("gives at most so many records and bytes, but at least one record")
  void limits(Format format) throws Exception {
    try (Journal journal = Journal.open(options(format), TimeSource.SYSTEM);
        Cursor cursor = journal.cursor(1)) {
      journal.append(numbers(1, 9)).join();
      assertThat(texts(cursor.read(2, 1000).lines())).containsExactly("{\"n\":1}", "{\"n\":2}");
      assertThat(cursor.read(9, 23).lines().count()).isEqualTo(2);
      assertThat(cursor.read(9, 1).lines().count()).isEqualTo(1);
      assertThat(cursor.position()).isEqualTo(6);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("gives nothing at the end, and then what comes")
  void end(Format format) throws Exception {
    try (Journal journal = Journal.open(options(format), TimeSource.SYSTEM);
        Cursor cursor = journal.cursor(1)) {
      assertThat(cursor.read(9, 1000).isEmpty()).isTrue();
      for (int n = 1; n <= 50; n++) {
        journal.append(numbers(n, n)).join();
        Slice slice = cursor.read(9, 1000);
        assertThat(slice.first()).isEqualTo(n);
        assertThat(slice.next()).isEqualTo(n + 1);
        assertThat(cursor.read(9, 1000).isEmpty()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("goes to any offset, forwards and back, over all segments")
  void seek(Format format) throws Exception {
    JournalOptions options = options(format).withSegments(200_000, Duration.ZERO);
    try (Journal journal = Journal.open(options, TimeSource.SYSTEM);
        Cursor cursor = journal.cursor(1)) {
      for (int n = 1; n <= 100_000; n += 100) {
        journal.append(numbers(n, n + 99)).join();
      }
      assertThat(journal.stats().segments()).isGreaterThan(5);
      for (int offset : new int[] {100_000, 1, 50_001, 49_999, 77_777, 3}) {
        cursor.seek(offset);
        Slice slice = cursor.read(1, 1);
        assertThat(slice.first()).isEqualTo(offset);
        assertThat(texts(slice.lines())).containsExactly("{\"n\":" + offset + "}");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"PLAIN", "FRAMED"})
  @DisplayName("reads everything in order while segments are closed and compressed under it")
  void concurrent(Format format) throws Exception {
    int count = 50_000;
    JournalOptions options = options(format).withSegments(20_000, Duration.ZERO).withGzip(true);
    try (Journal journal = Journal.open(options, TimeSource.SYSTEM);
        Cursor cursor = journal.cursor(1)) {
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> {
                for (int n = 1; n <= count; n += 50) {
                  journal.append(numbers(n, n + 49)).join();
                }
              });
      long next = 1;
      while (next <= count) {
        Slice slice = cursor.read(70, 2000);
        assertThat(slice.first()).isEqualTo(next);
        for (String record : texts(slice.lines())) {
          assertThat(record).isEqualTo("{\"n\":" + next++ + "}");
        }
        if (slice.isEmpty()) {
          Thread.onSpinWait();
        }
      }
      writing.join();
    }
    try (Journal journal = Journal.open(options.withGzip(false), TimeSource.SYSTEM)) {
      assertThat(all(journal)).isEqualTo(numbered(1, count));
    }
  }

  @Test
  @DisplayName("says where history begins if it asks for what was released")
  void released() throws Exception {
    try (Journal journal =
            Journal.open(options(Format.PLAIN).withSegments(1, Duration.ZERO), TimeSource.SYSTEM);
        Cursor cursor = journal.cursor(1)) {
      for (int n = 1; n <= 3; n++) {
        journal.append(numbers(n, n)).join();
      }
      journal.sync();
      assertThat(cursor.read(1, 1).first()).isEqualTo(1);
      journal.release(3);
      journal.sync();
      assertThat(cursor.read(1, 1).first()).isEqualTo(3);
    }
  }

  @Test
  @DisplayName("passes over a segment that someone deleted by hand")
  void removed() throws Exception {
    try (Journal journal =
        Journal.open(options(Format.PLAIN).withSegments(1, Duration.ZERO), TimeSource.SYSTEM)) {
      for (int n = 1; n <= 3; n++) {
        journal.append(numbers(n, n)).join();
      }
      journal.sync();
      Files.delete(new Layout(dir, "j").closed(2));
      assertThat(all(journal)).containsExactly("1 {\"n\":1}", "3 {\"n\":3}");
    }
  }

  @Test
  @DisplayName("tells once of a segment that someone deleted, however often it is read again")
  void removedIsToldOnce() throws Exception {
    try (Journal journal =
            Journal.open(options(Format.PLAIN).withSegments(1, Duration.ZERO), TimeSource.SYSTEM);
        Cursor cursor = journal.cursor(1);
        Heard heard = new Heard(Cursor.class.getName())) {
      journal.append(numbers(1, 1)).join();
      journal.append(numbers(2, 2)).join();
      journal.sync();
      Files.delete(new Layout(dir, "j").closed(1));
      for (int i = 0; i < 3; i++) {
        cursor.seek(1);
        assertThat(cursor.read(1, 1).first()).isEqualTo(2);
      }
      assertThat(heard.lines()).hasSize(1);
    }
  }

  @Test
  @DisplayName("waits for the file that is written to, which may be put back")
  void activeIsAway() throws Exception {
    Path file = dir.resolve("j.ndjson");
    try (Journal journal = Journal.open(options(Format.PLAIN), TimeSource.SYSTEM);
        Cursor cursor = journal.cursor(1)) {
      journal.append(numbers(1, 3)).join();
      Files.move(file, file.resolveSibling("elsewhere"));
      assertThatThrownBy(() -> cursor.read(1, 1)).hasMessageContaining("put it back");
      assertThat(cursor.position()).isEqualTo(1);
      Files.move(file.resolveSibling("elsewhere"), file);
      assertThat(cursor.read(9, 1 << 20).lines().count()).isEqualTo(3);
    }
  }

  private JournalOptions options(Format format) {
    return format == Format.PLAIN
        ? JournalOptions.plain(dir, "j")
        : JournalOptions.framed(dir, "j");
  }
}
