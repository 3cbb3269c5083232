package io.spillway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.disk.Cuts;
import io.spillway.kit.Depth;
import io.spillway.kit.InMemory;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName(
    "After a power cut at any operation, on a disk that forgets what was not synced, the journal")
class JournalPowerCutTest {
  private static final int STEPS = 25;

  @TempDir(factory = InMemory.class)
  Path temp;

  @ParameterizedTest
  @EnumSource
  @DisplayName("has all that it acknowledged or showed, under its offsets, and gives none twice")
  void cut(Format format) throws IOException {
    Cuts<?> cuts = new Cuts<>(format + " journal", JournalLife.of(format), temp);
    cut(cuts, Depth.of(3, 20), Depth.of(15, 60));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("has all that was left of a damaged file, and keeps what could not be read")
  void damaged(Format format) throws IOException {
    Cuts<?> cuts = new Cuts<>("damaged " + format, JournalLife.damaged(format), temp);
    cut(cuts, Depth.of(2, 10), Depth.of(10, 30));
  }

  @Test
  @DisplayName("gives no number again of those that are gone with its end")
  void shorter() throws IOException {
    cut(new Cuts<>("shorter", JournalLife.shorter(), temp), Depth.of(2, 10), Depth.of(10, 25));
  }

  @Test
  @DisplayName("has beside it small files as they were written last, and what was rejected")
  void smallFiles() throws IOException {
    cut(new Cuts<>("small files", new SmallFilesLife(), temp), Depth.of(3, 20), Depth.of(10, 25));
  }

  @Test
  @DisplayName("has in its quarantine what was moved there, and not at its place any more")
  void quarantine() throws IOException {
    cut(new Cuts<>("quarantine", new QuarantineLife(), temp), Depth.of(2, 10), 10);
  }

  private static void cut(Cuts<?> cuts, int lives, int each) throws IOException {
    for (int seed = 1; seed <= lives; seed++) {
      cuts.cut(seed, STEPS, each);
    }
    assertThat(cuts.count()).isGreaterThanOrEqualTo(lives * each);
  }
}
