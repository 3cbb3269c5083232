package io.spillway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.disk.Cuts;
import io.spillway.kit.Depth;
import io.spillway.kit.InMemory;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "After a power cut at any operation, on a disk that forgets what was not synced, the store")
class StorePowerCutTest {
  @TempDir(factory = InMemory.class)
  Path temp;

  @Test
  @DisplayName("has all that it acknowledged or let be read, and its marks, and none twice")
  void store() throws IOException {
    Cuts<?> cuts = new Cuts<>("store", new StoreLife(), temp);
    int lives = Depth.of(2, 25);
    int each = Depth.of(15, 60);
    for (int seed = 1; seed <= lives; seed++) {
      cuts.cut(seed, 25, each);
    }
    assertThat(cuts.count()).isGreaterThanOrEqualTo(lives * each);
  }
}
