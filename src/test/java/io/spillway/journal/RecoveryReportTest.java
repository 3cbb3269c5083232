package io.spillway.journal;

import static io.spillway.journal.JournalLines.all;
import static io.spillway.journal.JournalLines.numbered;
import static io.spillway.journal.JournalLines.numbers;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.time.TimeSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Opening a journal")
class RecoveryReportTest {
  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource
  @DisplayName("cuts off a torn last line")
  void tornLine(Format format) throws Exception {
    write(format, 5);
    spoil("{\"n\":6,\"unfin");
    try (Journal journal = open(format)) {
      assertThat(journal.report()).isEqualTo(new RecoveryReport(5, 13, 0, 0, 0, 6));
      assertThat(journal.append(numbers(6, 6)).join()).isEqualTo(6);
      assertThat(all(journal)).isEqualTo(numbered(1, 6));
    }
    assertThat(quarantined()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("cuts off space that was never written")
  void nuls(Format format) throws Exception {
    write(format, 5);
    spoil("{\"n\":6" + "\0".repeat(100_000));
    try (Journal journal = open(format)) {
      assertThat(journal.report()).isEqualTo(new RecoveryReport(5, 100_006, 0, 0, 0, 6));
      assertThat(all(journal)).isEqualTo(numbered(1, 5));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 60})
  @DisplayName("cuts off a FRAMED chunk that is not complete, wherever it ends")
  void tornChunk(int missing) throws Exception {
    write(Format.FRAMED, 5);
    try (Journal journal = open(Format.FRAMED)) {
      journal.append(numbers(6, 10)).join();
    }
    byte[] file = Files.readAllBytes(active());
    Files.write(active(), java.util.Arrays.copyOf(file, file.length - missing));
    try (Journal journal = open(Format.FRAMED)) {
      assertThat(journal.next()).isEqualTo(6);
      assertThat(journal.report().quarantinedFiles()).isZero();
      assertThat(journal.append(numbers(6, 6)).join()).isEqualTo(6);
      assertThat(all(journal)).isEqualTo(numbered(1, 6));
    }
  }

  @Test
  @DisplayName("moves unreadable PLAIN lines away and renumbers no other")
  void plainMiddle() throws Exception {
    Files.writeString(
        active(), "{\"n\":1}\n{\"n\":2}\n{\"n\":\n[4]\n{\"n\":5}\nx\0y\n{\"n\":7}\n{\"n\":8}\n{");
    try (Journal journal = open(Format.PLAIN)) {
      assertThat(journal.report()).isEqualTo(new RecoveryReport(5, 1, 2, 14, 3, 9));
      assertThat(all(journal))
          .containsExactly(
              "1 {\"n\":1}", "2 {\"n\":2}", "5 {\"n\":5}", "7 {\"n\":7}", "8 {\"n\":8}");
      assertThat(journal.append(numbers(9, 9)).join()).isEqualTo(9);
    }
    assertThat(quarantined()).containsExactly("j.ndjson-16-1", "j.ndjson-34-1");
    try (Journal journal = open(Format.PLAIN)) {
      assertThat(journal.report().quarantinedFiles()).isZero();
      assertThat(all(journal)).hasSize(6).last().isEqualTo("9 {\"n\":9}");
    }
  }

  @Test
  @DisplayName("completes a split that a crash interrupted after the decision")
  void splitDecided() throws Exception {
    Files.writeString(dir.resolve("j.split"), "damaged");
    Files.writeString(dir.resolve("j-00000000000000000001.ndjson.piece"), "{\"n\":1}\n");
    Files.writeString(dir.resolve("j-00000000000000000003.ndjson.piece"), "{\"n\":3}\n");
    Files.writeString(dir.resolve("j.state"), "{\"first\":1,\"next\":5}\n");
    try (Journal journal = open(Format.PLAIN)) {
      assertThat(all(journal)).containsExactly("1 {\"n\":1}", "3 {\"n\":3}");
      assertThat(journal.next()).isEqualTo(5);
    }
    assertThat(dir.resolve("j.split")).doesNotExist();
  }

  @Test
  @DisplayName("begins a split anew that a crash interrupted before the decision")
  void splitUndecided() throws Exception {
    Files.writeString(active(), "{\"n\":1}\nbad\n{\"n\":3}\n");
    Files.writeString(dir.resolve("j-00000000000000000001.ndjson.piece"), "{\"n\"");
    try (Journal journal = open(Format.PLAIN)) {
      assertThat(all(journal)).containsExactly("1 {\"n\":1}", "3 {\"n\":3}");
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("moves a wholly unreadable file away and starts")
  void wholeFile(Format format) throws Exception {
    Files.writeString(active(), "this\nis\nnot ours\n");
    try (Journal journal = open(format)) {
      assertThat(journal.report().quarantinedFiles()).isEqualTo(1);
      assertThat(journal.report().quarantinedBytes()).isEqualTo(17);
      journal.append(numbers(1, 1)).join();
      assertThat(all(journal)).hasSize(1);
    }
    assertThat(quarantined()).containsExactly("j.ndjson-0-1");
  }

  @Test
  @DisplayName("moves a damaged FRAMED chunk away and keeps the numbers of the next")
  void framedMiddle() throws Exception {
    writeChunks(3);
    flip("{\"n\":3}");
    try (Journal journal = open(Format.FRAMED)) {
      assertThat(journal.report().quarantinedRecords()).isEqualTo(2);
      assertThat(all(journal))
          .containsExactly("1 {\"n\":1}", "2 {\"n\":2}", "5 {\"n\":5}", "6 {\"n\":6}");
      assertThat(journal.append(numbers(7, 7)).join()).isEqualTo(7);
    }
    assertThat(quarantined()).hasSize(1);
    try (Journal journal = open(Format.FRAMED)) {
      assertThat(journal.report().quarantinedFiles()).isZero();
      assertThat(all(journal)).hasSize(5);
    }
  }

  @Test
  @DisplayName("does not believe a FRAMED header with a changed number")
  void framedHeader() throws Exception {
    writeChunks(3);
    String file = Files.readString(active());
    Files.writeString(active(), file.replace("[\"chunk\",3,", "[\"chunk\",9,"));
    try (Journal journal = open(Format.FRAMED)) {
      assertThat(all(journal))
          .containsExactly("1 {\"n\":1}", "2 {\"n\":2}", "5 {\"n\":5}", "6 {\"n\":6}");
    }
  }

  @Test
  @DisplayName("never gives the offsets of a damaged last FRAMED chunk to others")
  void framedEnd() throws Exception {
    writeChunks(3);
    flip("{\"n\":6}");
    try (Journal journal = open(Format.FRAMED)) {
      assertThat(all(journal)).isEqualTo(numbered(1, 4));
      assertThat(journal.next()).isEqualTo(7);
    }
    try (Journal journal = open(Format.FRAMED)) {
      assertThat(journal.append(numbers(7, 7)).join()).isEqualTo(7);
      assertThat(all(journal)).hasSize(5).last().isEqualTo("7 {\"n\":7}");
    }
  }

  @Test
  @DisplayName("finds damage in closed FRAMED segments too")
  void framedClosed() throws Exception {
    JournalOptions small = options(Format.FRAMED).withSegments(1, java.time.Duration.ZERO);
    try (Journal journal = Journal.open(small, TimeSource.SYSTEM)) {
      for (int n = 1; n <= 3; n++) {
        journal.append(numbers(n, n)).join();
      }
    }
    Path second = new Layout(dir, "j").closed(2);
    Files.writeString(second, Files.readString(second).replace("{\"n\":2}", "{\"n\":9}"));
    try (Journal journal = Journal.open(small, TimeSource.SYSTEM)) {
      assertThat(all(journal)).containsExactly("1 {\"n\":1}", "3 {\"n\":3}");
      assertThat(journal.next()).isEqualTo(4);
    }
  }

  @Test
  @DisplayName("resolves what a crash left of a compression")
  void interruptedCompression() throws Exception {
    Layout layout = new Layout(dir, "j");
    JournalOptions small = options(Format.PLAIN).withSegments(1, java.time.Duration.ZERO);
    try (Journal journal = Journal.open(small, TimeSource.SYSTEM)) {
      for (int n = 1; n <= 3; n++) {
        journal.append(numbers(n, n)).join();
      }
    }
    Path whole = Layout.gzip(layout.closed(1));
    try (var gzip = new java.util.zip.GZIPOutputStream(Files.newOutputStream(whole))) {
      gzip.write(Files.readAllBytes(layout.closed(1)));
    }
    Path partial = Layout.temporary(Layout.gzip(layout.closed(2)));
    Files.writeString(partial, "half of");
    try (Journal journal = Journal.open(small, TimeSource.SYSTEM)) {
      assertThat(layout.closed(1)).doesNotExist();
      assertThat(partial).doesNotExist();
      assertThat(all(journal)).isEqualTo(numbered(1, 3));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("does without a compressed segment that cannot be unpacked")
  void brokenGzip(Format format) throws Exception {
    JournalOptions small = options(format).withSegments(1, java.time.Duration.ZERO);
    try (Journal journal = Journal.open(small, TimeSource.SYSTEM)) {
      for (int n = 1; n <= 3; n++) {
        journal.append(numbers(n, n)).join();
      }
    }
    Path second = new Layout(dir, "j").closed(2);
    Files.delete(second);
    Files.write(Layout.gzip(second), new byte[] {0x1f, (byte) 0x8b, 8, 0, 0});
    try (Journal journal = Journal.open(small, TimeSource.SYSTEM)) {
      assertThat(all(journal)).containsExactly("1 {\"n\":1}", "3 {\"n\":3}");
      assertThat(journal.next()).isEqualTo(4);
    }
  }

  @Test
  @DisplayName("takes a line as long as memory allows for no record, without holding it")
  void endlessLine() throws Exception {
    write(Format.PLAIN, 2);
    for (int block = 0; block < 20; block++) {
      spoil("\0".repeat(1 << 20));
    }
    try (Journal journal = open(Format.PLAIN)) {
      assertThat(journal.report()).isEqualTo(new RecoveryReport(2, 20 << 20, 0, 0, 0, 3));
    }
  }

  private void write(Format format, int count) throws Exception {
    try (Journal journal = open(format)) {
      journal.append(numbers(1, count)).join();
    }
  }

  private void writeChunks(int count) throws Exception {
    try (Journal journal = open(Format.FRAMED)) {
      for (int n = 0; n < count; n++) {
        journal.append(numbers(2 * n + 1, 2 * n + 2)).join();
      }
    }
  }

  private void spoil(String end) throws Exception {
    Files.write(active(), end.getBytes(StandardCharsets.UTF_8), CREATE, APPEND);
  }

  private void flip(String record) throws Exception {
    String file = Files.readString(active());
    Files.writeString(active(), file.replace(record, record.replace('n', 'm')));
  }

  private List<String> quarantined() throws Exception {
    Path quarantine = dir.resolve("quarantine");
    if (!Files.exists(quarantine)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(quarantine)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private Path active() {
    return dir.resolve("j.ndjson");
  }

  private Journal open(Format format) throws Exception {
    return Journal.open(options(format), TimeSource.SYSTEM);
  }

  private JournalOptions options(Format format) {
    return format == Format.PLAIN
        ? JournalOptions.plain(dir, "j")
        : JournalOptions.framed(dir, "j");
  }
}
