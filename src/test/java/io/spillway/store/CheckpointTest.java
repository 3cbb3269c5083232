package io.spillway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A checkpoint")
class CheckpointTest {
  @TempDir Path dir;

  @Test
  @DisplayName("is read as it was written")
  void roundTrip() throws IOException {
    Checkpoint saved = new Checkpoint(1L << 40, Map.of("pi.e", 1L << 41, "other.f", 1L));
    saved.save(dir);
    assertThat(Checkpoint.load(dir)).isEqualTo(saved);
    Checkpoint later = new Checkpoint(7, Map.of());
    later.save(dir);
    assertThat(Checkpoint.load(dir)).isEqualTo(later);
    assertThat(dir.resolve("marks.json.tmp")).doesNotExist();
  }

  @Test
  @DisplayName("is none where there is none")
  void none() throws IOException {
    assertThat(Checkpoint.load(dir)).isEqualTo(Checkpoint.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "[]",
        "{}",
        "{\"offset\":5}",
        "{\"marks\":{}}",
        "{\"offset\":\"5\",\"marks\":{}}",
        "{\"offset\":5,\"marks\":[]}",
        "{\"offset\":5,\"marks\":{\"pi.e\":\"x\"}}",
        "{\"offset\":5,\"marks\":{\"pi.e\":null}}",
        "{\"offset\":5,\"marks\":{\"pi.e\":1}",
        "{\"offset\":-5,\"marks\":{}}",
        "{\"offset\":5,\"marks\":{\"pi.e\":0}}"
      })
  @DisplayName("that cannot be read is as good as none")
  void unreadable(String text) throws IOException {
    Files.writeString(dir.resolve("marks.json"), text);
    assertThat(Checkpoint.load(dir)).isEqualTo(Checkpoint.NONE);
  }

  @Test
  @DisplayName("that is not even text is as good as none")
  void notText() throws IOException {
    Files.write(dir.resolve("marks.json"), new byte[] {0, (byte) 0xff, (byte) 0xc0, 10});
    assertThat(Checkpoint.load(dir)).isEqualTo(Checkpoint.NONE);
  }
}
