package io.spillway.batch;

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

@DisplayName("After a power cut at any operation, on a disk that forgets what was not synced,")
class SpoolPowerCutTest {
  private static final int STEPS = 25;

  @TempDir(factory = InMemory.class)
  Path temp;

  @ParameterizedTest
  @EnumSource
  @DisplayName("the spool sends all that it took, and no two records under one number")
  void spool(SpoolLife.Meddling meddling) throws IOException {
    cut(new Cuts<>("spool, " + meddling, new SpoolLife(meddling), temp), Depth.of(2, 15));
  }

  @Test
  @DisplayName("the memory of the MQTT session is what was saved last, or later")
  void memory() throws IOException {
    cut(new Cuts<>("memory files", new MemoryFilesLife(), temp), Depth.of(2, 15));
  }

  private static void cut(Cuts<?> cuts, int lives) throws IOException {
    int each = Depth.of(10, 40);
    for (int seed = 1; seed <= lives; seed++) {
      cuts.cut(seed, STEPS, each);
    }
    assertThat(cuts.count()).isGreaterThanOrEqualTo(lives * each);
  }
}
