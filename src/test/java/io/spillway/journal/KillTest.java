package io.spillway.journal;

import static io.spillway.journal.JournalLines.all;
import static io.spillway.journal.JournalLines.numbered;
import static io.spillway.journal.JournalLines.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.time.TimeSource;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("After kill -9, the journal")
@Timeout(60)
class KillTest {
  @TempDir Path dir;

  /** The process that is killed: appends for ever and prints what is on the disk. */
  static final class Child {
    public static void main(String[] args) throws Exception {
      Journal journal =
          Journal.open(options(Path.of(args[0]), Format.valueOf(args[1])), TimeSource.SYSTEM);
      for (long n = journal.next(); ; n += 5) {
        CompletableFuture<Void> unusedPrinted =
            journal.append(numbers(n, n + 4)).thenAccept(first -> System.out.println(first + 4));
        while (journal.pendingBytes() > 1000) {
          Thread.onSpinWait();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("has every record that was acknowledged, and no gap")
  void kill(Format format) throws Exception {
    long acknowledged = 0;
    for (int life = 1; life <= 3; life++) {
      acknowledged = runAndKill(format, 300 * life);
    }
    try (Journal journal = Journal.open(options(dir, format), TimeSource.SYSTEM)) {
      assertThat(journal.next()).isGreaterThan(acknowledged);
      assertThat(all(journal)).isEqualTo(numbered(1, journal.next() - 1));
    }
  }

  /** Returns the highest offset the child has printed. */
  private long runAndKill(Format format, int acknowledgements) throws Exception {
    Process child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Child.class.getName(),
                dir.toString(),
                format.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long last = 0;
    try (BufferedReader out = child.inputReader()) {
      for (int i = 0; i < acknowledgements; i++) {
        last = Long.parseLong(out.readLine());
      }
      assertThatThrownBy(() -> Journal.open(options(dir, format), TimeSource.SYSTEM))
          .isInstanceOf(JournalLockedException.class)
          .hasMessageContaining("process " + child.pid());
      child.destroyForcibly();
    } finally {
      child.destroyForcibly().waitFor();
    }
    return last;
  }

  private static JournalOptions options(Path dir, Format format) {
    JournalOptions options =
        format == Format.PLAIN
            ? JournalOptions.plain(dir, "j").withGzip(true)
            : JournalOptions.framed(dir, "j");
    return options.withSegments(2000, Duration.ZERO);
  }
}
