package io.spillway.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.kit.Fifo;
import io.spillway.kit.Heard;
import io.spillway.message.Rejected;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The log of what was rejected")
class RejectedLogTest {
  @TempDir Path dir;

  @Test
  @DisplayName("begins a line of its own behind one that a power cut has torn")
  void torn() throws Exception {
    Rejected one = new Rejected("t", 0, "why", new byte[] {1}, 1);
    String line = new String(one.toLine(), UTF_8);
    RejectedLog log = new RejectedLog(dir);
    log.append(List.of(one));
    Path file = dir.resolve("rejected.ndjson");
    Files.writeString(file, line + line.substring(0, 9));
    log.append(List.of(one, one));
    assertThat(file).hasContent(line + line.substring(0, 9) + "\n" + line + line);
  }

  @Test
  @DisplayName("says how much goes when the older of two full files makes room")
  void makesRoom() throws Exception {
    try (Heard heard = new Heard(RejectedLog.class.getName())) {
      RejectedLog log = new RejectedLog(dir);
      fill(dir.resolve("rejected.ndjson"), RejectedLog.BYTES_MAX);
      log.append(List.of(new Rejected("t", 0, "why", new byte[] {1}, 1)));
      assertThat(heard.lines()).isEmpty();

      fill(dir.resolve("rejected.ndjson"), RejectedLog.BYTES_MAX + 7);
      log.append(List.of(new Rejected("t", 0, "why", new byte[] {1}, 1)));
      assertThat(heard.lines())
          .singleElement()
          .asString()
          .startsWith("WARN " + dir.resolve("rejected.1.ndjson"))
          .contains(RejectedLog.BYTES_MAX + " bytes go for good", "in the journal");
    }
  }

  private static void fill(Path file, long bytes) throws Exception {
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(bytes);
    }
  }

  @Test
  @Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
  @DisplayName("is begun anew at a start where a FIFO or a directory stands in its place")
  void moved() throws Exception {
    Path file = dir.resolve("rejected.ndjson");
    Fifo.make(file);
    Files.createDirectories(dir.resolve("rejected.1.ndjson").resolve("in"));
    Damages damages = new Damages();
    RejectedLog log = RejectedLog.open(dir, damages);
    log.append(List.of(new Rejected("t", 0, "why", new byte[] {1}, 1)));
    assertThat(file).isRegularFile();
    assertThat(dir.resolve("quarantine/rejected.ndjson-0-1")).exists();
    assertThat(dir.resolve("quarantine/rejected.1.ndjson-0-1")).isDirectory();
    assertThat(damages.words()).contains("is a FIFO");
  }

  @Test
  @DisplayName("goes where a link leads that somebody has put there")
  void link() throws Exception {
    Path file = dir.resolve("rejected.ndjson");
    Files.createSymbolicLink(file, Path.of("/dev/null"));
    RejectedLog.open(dir, new Damages());
    assertThat(file).isSymbolicLink();
  }

  @Test
  @Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
  @DisplayName("waits for nobody who would read a FIFO in its place, and says what to do")
  void fifo() throws Exception {
    Fifo.make(dir.resolve("rejected.ndjson"));
    RejectedLog log = new RejectedLog(dir);
    assertThatThrownBy(() -> log.append(List.of(new Rejected("t", 0, "why", new byte[] {1}, 1))))
        .hasMessageContaining("rejected.ndjson: is a FIFO, and a file is needed there: move it");
  }
}
