package io.spillway.journal;

import static io.spillway.journal.JournalLines.all;
import static io.spillway.journal.JournalLines.numbered;
import static io.spillway.journal.JournalLines.numbers;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.kit.ManualTime;
import io.spillway.message.Lines;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("When the disk fails, the journal")
class FailureTest {
  @TempDir Path dir;
  private final FaultyDisk disk = new FaultyDisk();

  @ParameterizedTest
  @EnumSource
  @DisplayName("fails the append, keeps what it has, and goes on after resume()")
  void diskFull(Format format) throws Exception {
    try (Journal journal = open(format)) {
      journal.append(numbers(1, 3)).join();
      disk.room = 5;
      JournalFailure failure = failureOf(journal.append(numbers(4, 5)));
      assertThat(failure.kind()).isEqualTo(JournalFailure.Kind.DISK_FULL);
      assertThat(failure).hasMessageContaining(dir.toString());
      assertThat(all(journal)).isEqualTo(numbered(1, 3));

      disk.room = Long.MAX_VALUE;
      journal.resume();
      assertThat(journal.append(numbers(4, 5)).join()).isEqualTo(4);
      assertThat(all(journal)).isEqualTo(numbered(1, 5));
      assertThat(journal.pendingBytes()).isZero();
    }
    try (Journal journal = open(format)) {
      assertThat(journal.report()).isEqualTo(new RecoveryReport(5, 0, 0, 0, 0, 6));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("does not count on what a killed process has left before it is on the disk")
  void notOnTheDisk(Format format) throws Exception {
    try (Journal journal = open(format)) {
      journal.append(numbers(1, 3)).join();
    }
    disk.failForce = true;
    assertThatThrownBy(() -> open(format)).hasMessageContaining("Input/output error");
    disk.failForce = false;
    try (Journal journal = open(format)) {
      assertThat(all(journal)).isEqualTo(numbered(1, 3));
    }
  }

  /** What another program does to the file that is written to. */
  private enum Meddling {
    REMOVED {
      @Override
      void with(Path file) throws IOException {
        Files.delete(file);
      }
    },
    RENAMED {
      @Override
      void with(Path file) throws IOException {
        Files.move(file, file.resolveSibling("elsewhere"));
      }
    },
    REPLACED {
      @Override
      void with(Path file) throws IOException {
        byte[] same = Files.readAllBytes(file);
        Files.move(file, file.resolveSibling("elsewhere"));
        Files.write(file, same);
      }
    },
    CUT_SHORT {
      @Override
      void with(Path file) throws IOException {
        Files.write(file, new byte[0]);
      }
    };

    abstract void with(Path file) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("takes nothing into a file whose name leads elsewhere, or that was cut")
  void meddled(Meddling meddling) throws Exception {
    Path file = dir.resolve("j.ndjson");
    try (Journal journal = open(Format.PLAIN)) {
      journal.append(numbers(1, 3)).join();
      journal.sync(); // the first look of the writer is behind it
      meddling.with(file);
      JournalFailure failure = failureOf(journal.append(numbers(4, 5)));
      assertThat(failure).hasMessageContaining("j.ndjson: was removed, renamed or cut");
      journal.resume();
      if (meddling != Meddling.REPLACED) { // by its copy, which is as good
        assertThat(failureOf(journal.append(numbers(4, 5)))).hasMessageContaining("Put it back");
      }
    }
    try (Journal journal = open(Format.PLAIN)) {
      journal.append(numbers(4, 5)).join();
      assertThat(all(journal)).last().asString().endsWith("{\"n\":5}");
    }
  }

  @Test
  @DisplayName("goes on in a file that was renamed and is put back")
  void putBack() throws Exception {
    Path file = dir.resolve("j.ndjson");
    try (Journal journal = open(Format.PLAIN)) {
      journal.append(numbers(1, 3)).join();
      Files.move(file, file.resolveSibling("elsewhere"));
      assertThat(failureOf(journal.append(numbers(4, 5)))).hasMessageContaining("Put it back");
      Files.move(file.resolveSibling("elsewhere"), file);
      journal.resume();
      assertThat(journal.append(numbers(4, 5)).join()).isEqualTo(4);
      assertThat(all(journal)).isEqualTo(numbered(1, 5));
    }
  }

  /** A copy in its place is as good, and taken for it at the next look. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REPLACED")
  @DisplayName("tells that its file is not what it was also while nothing comes")
  void meddledWhileIdle(Meddling meddling) throws Exception {
    Path file = dir.resolve("j.ndjson");
    ManualTime time = new ManualTime(1_700_000_000_000L);
    try (Journal journal = Journal.open(JournalOptions.plain(dir, "j"), disk, time)) {
      journal.append(numbers(1, 3)).join();
      Files.copy(file, file.resolveSibling("before"));
      look(journal, time);
      assertThat(journal.gone()).isNull();
      meddling.with(file);
      look(journal, time);
      assertThat(journal.gone()).hasMessageContaining("j.ndjson: was removed, renamed or cut");
      Files.move(file.resolveSibling("before"), file, REPLACE_EXISTING);
      look(journal, time);
      assertThat(journal.gone()).isNull();
      assertThat(journal.append(numbers(4, 4)).join()).isEqualTo(4);
    }
  }

  private static void look(Journal journal, ManualTime time) {
    time.pass(Duration.ofSeconds(30)); // so that it is told within a minute
    journal.tick();
    journal.sync();
  }

  @Test
  @DisplayName("looks once a commit how long its file is, and once whether it is still there")
  void looksOnce() throws Exception {
    try (Journal journal = open(Format.PLAIN)) {
      journal.append(numbers(1, 1)).join();
      journal.sync();
      int before = disk.looks;
      for (int n = 2; n <= 11; n++) {
        journal.append(numbers(n, n)).join();
      }
      assertThat(disk.looks - before).isEqualTo(2 * 10);
    }
  }

  @Test
  @DisplayName("has of an append that is longer than any line may be either all or nothing")
  void longAppend() throws Exception {
    Lines.Builder lines = new Lines.Builder(Journal.LINE_BYTES_MAX);
    byte[] record = ("{\"f\":\"" + "x".repeat(1 << 20) + "\"}").getBytes(US_ASCII);
    while (lines.length() <= Journal.LINE_BYTES_MAX) {
      lines.add(record, 0, record.length);
    }
    Lines all = lines.build();
    try (Journal journal = open(Format.FRAMED)) {
      disk.room = all.length() - 1L;
      assertThat(failureOf(journal.append(all)).kind()).isEqualTo(JournalFailure.Kind.DISK_FULL);
      assertThat(journal.next()).isEqualTo(1);
      disk.room = Long.MAX_VALUE;
      journal.resume();
      assertThat(journal.append(all).join()).isEqualTo(1);
    }
    try (Journal journal = open(Format.FRAMED)) {
      assertThat(journal.report().records()).isEqualTo(all.count());
      assertThat(all(journal)).hasSize(all.count());
    }
  }

  @Test
  @DisplayName("refuses a line that recovery would pass over")
  void longLine() throws Exception {
    byte[] line = new byte[Journal.LINE_BYTES_MAX];
    Lines.Builder lines = new Lines.Builder(line.length + 2).add(new byte[] {'{', '}'}, 0, 2);
    Lines one = lines.add(line, 0, line.length).build();
    try (Journal journal = open(Format.FRAMED)) {
      assertThatIllegalArgumentException().isThrownBy(() -> journal.append(one));
    }
  }

  @Test
  @DisplayName("refuses every append until resume(), so none overtakes one that failed")
  void refuses() throws Exception {
    try (Journal journal = open(Format.PLAIN)) {
      disk.room = 0;
      List<CompletableFuture<Long>> appended = new ArrayList<>();
      for (int n = 0; n < 1000; n++) {
        appended.add(journal.append(numbers(1, 1)));
      }
      appended.forEach(FailureTest::failureOf);
      disk.room = Long.MAX_VALUE;
      assertThat(failureOf(journal.append(numbers(1, 1)))).isNotNull();
      journal.resume();
      assertThat(journal.append(numbers(1, 1)).join()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("writes a commit again, to a fresh channel, whose fdatasync failed")
  void force() throws Exception {
    try (Journal journal = open(Format.PLAIN)) {
      journal.append(numbers(1, 1)).join();
      int opened = disk.opened;
      disk.failForce = true;
      assertThat(failureOf(journal.append(numbers(2, 2))).kind()).isEqualTo(JournalFailure.Kind.IO);
      disk.failForce = false;
      journal.resume();
      assertThat(journal.append(numbers(2, 2)).join()).isEqualTo(2);
      assertThat(disk.opened).isGreaterThan(opened);
      assertThat(all(journal)).isEqualTo(numbered(1, 2));
    }
  }

  @Test
  @DisplayName("cuts the file back before the next write if it could not at once")
  void cutLater() throws Exception {
    try (Journal journal = open(Format.FRAMED)) {
      journal.append(numbers(1, 1)).join();
      disk.room = 20;
      disk.failTruncate = true;
      failureOf(journal.append(numbers(2, 9)));
      disk.room = Long.MAX_VALUE;
      journal.resume();
      failureOf(journal.append(numbers(2, 9)));
      disk.failTruncate = false;
      journal.resume();
      assertThat(journal.append(numbers(2, 2)).join()).isEqualTo(2);
      assertThat(all(journal)).isEqualTo(numbered(1, 2));
    }
    try (Journal journal = open(Format.FRAMED)) {
      assertThat(journal.report()).isEqualTo(new RecoveryReport(2, 0, 0, 0, 0, 3));
    }
  }

  @Test
  @DisplayName("says so if the file system is read-only")
  void readOnly() throws Exception {
    try (Journal journal = open(Format.PLAIN)) {
      disk.failOpen = true;
      assertThat(failureOf(journal.append(numbers(1, 1))).kind())
          .isEqualTo(JournalFailure.Kind.READ_ONLY);
    }
  }

  @Test
  @DisplayName("goes on in a segment it could not close")
  void renameFails() throws Exception {
    try (Journal journal = open(Format.PLAIN)) {
      journal.append(numbers(1, 1)).join();
      disk.failMove = true;
      journal.append(numbers(2, 14)).join();
      journal.sync();
      journal.append(numbers(15, 15)).join();
      journal.sync();
      disk.failMove = false;
      journal.append(numbers(16, 16)).join();
      journal.sync();
      assertThat(journal.stats().segments()).isEqualTo(2);
      assertThat(all(journal)).isEqualTo(numbered(1, 16));
      assertThat(journal.append(numbers(17, 17)).join()).isEqualTo(17);
    }
  }

  @Test
  @DisplayName("makes the new segment later if there is no room for it after a rotation")
  void rotationFails() throws Exception {
    try (Journal journal = open(Format.FRAMED)) {
      journal.append(numbers(1, 1)).join();
      journal.onRotate(() -> disk.room = 0);
      journal.append(numbers(2, 9)).join();
      journal.sync();
      failureOf(journal.append(numbers(10, 10)));
      assertThat(all(journal)).isEqualTo(numbered(1, 9));
      disk.room = Long.MAX_VALUE;
      journal.resume();
      assertThat(journal.append(numbers(10, 10)).join()).isEqualTo(10);
      assertThat(all(journal)).isEqualTo(numbered(1, 10));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("gives no offset twice if it crashes on a full disk when all is released")
  void crashAfterRelease(Format format, @TempDir Path crashed) throws Exception {
    try (Journal journal = open(format)) {
      journal.append(numbers(1, 9)).join();
      disk.room = 0;
      journal.release(10);
      journal.sync();
      copyTo(crashed);
    }
    JournalOptions options =
        format == Format.PLAIN
            ? JournalOptions.plain(crashed, "j")
            : JournalOptions.framed(crashed, "j");
    try (Journal journal = Journal.open(options, TimeSource.SYSTEM)) {
      assertThat(journal.append(numbers(10, 10)).join()).isEqualTo(10);
    }
  }

  @Test
  @DisplayName("lets go of what was released while a segment could not be closed, once it can be")
  void releasedWhileStuck() throws Exception {
    try (Journal journal = open(Format.FRAMED)) {
      journal.append(numbers(1, 1)).join();
      disk.failMove = true;
      journal.append(numbers(2, 9)).join();
      journal.release(10);
      journal.sync();
      assertThat(journal.stuck()).hasMessageContaining(dir.toString());
      assertThat(journal.first()).isEqualTo(1);

      disk.failMove = false;
      journal.sync(); // nothing is appended or released any more
      assertThat(journal.stuck()).isNull();
      assertThat(journal.first()).isEqualTo(10);
      assertThat(journal.append(numbers(10, 10)).join()).isEqualTo(10);
    }
  }

  @Test
  @DisplayName("lets go of what was released while there was no room for a new segment")
  void releasedWithoutRoom() throws Exception {
    try (Journal journal = open(Format.FRAMED)) {
      journal.onRotate(() -> disk.room = 0); // then, and neither sooner nor later
      journal.append(numbers(1, 9)).join();
      journal.release(10);
      journal.sync();
      assertThat(journal.stuck()).isNotNull();
      assertThat(journal.first()).isEqualTo(1);
      disk.room = Long.MAX_VALUE;
      journal.sync();
      assertThat(journal.stuck()).isNull();
      assertThat(journal.first()).isEqualTo(10);
      assertThat(closedSegments()).isEmpty();
    }
  }

  @Test
  @DisplayName("deletes later what it could not delete at once")
  void deletesLater() throws Exception {
    try (Journal journal = open(Format.FRAMED)) {
      journal.append(numbers(1, 9)).join();
      disk.failDelete = true;
      journal.release(10);
      journal.sync();
      assertThat(closedSegments()).hasSize(1);
      disk.failDelete = false;
      journal.sync();
      assertThat(closedSegments()).isEmpty();
    }
  }

  private List<Path> closedSegments() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.filter(file -> file.getFileName().toString().startsWith("j-")).toList();
    }
  }

  private void copyTo(Path other) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      for (Path file : files.toList()) {
        Files.copy(file, other.resolve(file.getFileName()));
      }
    }
  }

  private static JournalFailure failureOf(CompletableFuture<Long> append) {
    try {
      append.join();
    } catch (CompletionException error) {
      return (JournalFailure) error.getCause();
    }
    throw new AssertionError("was stored");
  }

  private Journal open(Format format) throws Exception {
    JournalOptions options =
        format == Format.PLAIN ? JournalOptions.plain(dir, "j") : JournalOptions.framed(dir, "j");
    return Journal.open(options.withSegments(100, Duration.ZERO), disk, TimeSource.SYSTEM);
  }
}
