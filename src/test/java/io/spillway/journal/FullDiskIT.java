package io.spillway.journal;

import static io.spillway.journal.JournalLines.all;
import static io.spillway.journal.JournalLines.numbered;
import static io.spillway.journal.JournalLines.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spillway.time.TimeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("On a disk that is really full, the journal")
class FullDiskIT {
  @TempDir Path dir;
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", dir.toString()) == 0;
    boolean needed = "true".equals(System.getenv("CI"));
    assumeTrue(mounted || needed, "mounting a tmpfs needs root");
    assertThat(mounted).as("with CI=true a tmpfs must be there").isTrue();
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      run("umount", dir.toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("keeps all it acknowledged and goes on when there is room")
  void full(Format format) throws Exception {
    Path ballast = dir.resolve("ballast");
    Files.write(ballast, new byte[300_000]);
    long stored = 0;
    try (Journal journal = Journal.open(options(format), TimeSource.SYSTEM)) {
      JournalFailure failure = null;
      while (failure == null) {
        try {
          journal.append(numbers(stored + 1, stored + 100)).join();
          stored += 100;
        } catch (CompletionException full) {
          failure = (JournalFailure) full.getCause();
        }
      }
      assertThat(failure.kind()).isEqualTo(JournalFailure.Kind.DISK_FULL);
      assertThat(all(journal)).isEqualTo(numbered(1, stored));

      Files.delete(ballast);
      journal.resume();
      journal.append(numbers(stored + 1, stored + 100)).join();
    }
    try (Journal journal = Journal.open(options(format), TimeSource.SYSTEM)) {
      assertThat(journal.report().quarantinedFiles()).isZero();
      assertThat(all(journal)).isEqualTo(numbered(1, stored + 100));
    }
  }

  private JournalOptions options(Format format) {
    return format == Format.PLAIN
        ? JournalOptions.plain(dir, "j")
        : JournalOptions.framed(dir, "j");
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
