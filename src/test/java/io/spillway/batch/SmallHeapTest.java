package io.spillway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.BatchConfig;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalOptions;
import io.spillway.journal.RejectedLog;
import io.spillway.journal.Slice;
import io.spillway.message.Texts;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A spool in a process with little memory")
class SmallHeapTest {
  private static final int RECORDS = 24;

  /** Stores records of a megabyte, and reads them in batches of sixteen. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws IOException {
      Path dir = Path.of(args[0]);
      BatchConfig batch = new BatchConfig(Duration.ofMillis(10), 10_000, 16 << 20);
      String record = "{\"f\":\"" + "x".repeat(1_000_000) + "\"}";
      try (Journal journal = Journal.open(JournalOptions.framed(dir, "spool"), TimeSource.SYSTEM)) {
        for (int n = 0; n < RECORDS; n++) {
          journal.append(Texts.lines(record)).join();
        }
        SpoolIdentity identity = new SpoolIdentity("pi", "3f9a1c2e");
        RejectedLog rejected = new RejectedLog(dir);
        try (SpoolReader reader =
            new SpoolReader(identity, journal.cursor(1), rejected, batch, TimeSource.SYSTEM)) {
          long next = 1;
          for (Slice read = reader.read(next); !read.isEmpty(); read = reader.read(next)) {
            next = read.next();
          }
          System.out.print(next);
        }
      }
    }
  }

  @Test
  @DisplayName("is read in batches that fit there, however large they may be")
  void read(@TempDir Path dir) throws Exception {
    Process child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx24m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Child.class.getName(),
                dir.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] said = child.getInputStream().readAllBytes();
    assertThat(new String(said, StandardCharsets.UTF_8)).isEqualTo(RECORDS + 1 + "");
    assertThat(child.waitFor()).isZero();
  }
}
