package io.spillway.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.server.status.EdgeMemory.Known;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Which edges a server remembers")
class EdgeMemoryTest {
  private static final Known ATTIC =
      new Known("pi.attic", "e1", 1_764_122_400_000L, false, 42, 17, 5, 0);
  private static final Known BARN = new Known("barn", "e2", 1_764_122_400_001L, true, 1, -1, 6, 7);

  @TempDir private Path dir;

  @Test
  @DisplayName("is in a file, and comes back from it")
  void roundTrip() throws IOException {
    EdgeMemory memory = new EdgeMemory(dir);
    assertThat(memory.load()).isEmpty();
    memory.save(List.of(ATTIC, BARN));
    assertThat(new EdgeMemory(dir).load()).containsExactlyInAnyOrder(ATTIC, BARN);
  }

  @Test
  @DisplayName("is nothing where the file is damaged, and the file is kept aside")
  void damaged() throws IOException {
    EdgeMemory memory = new EdgeMemory(dir);
    memory.save(List.of(ATTIC));
    Path file = dir.resolve("edges.json");
    Files.writeString(file, Files.readString(file).replace("17", "99"));
    assertThat(memory.load()).isEmpty();
    assertThat(dir.resolve("quarantine")).isNotEmptyDirectory();
    assertThat(memory.damage()).contains("edges.json: its checksum does not match");
  }

  @Test
  @DisplayName("is the same for a minute, though clocks drift, and not when anything else changes")
  void alike() {
    assertThat(EdgeMemory.areAlike(List.of(ATTIC), List.of(heard(1)))).isTrue();
    assertThat(EdgeMemory.areAlike(List.of(ATTIC), List.of(heard(-59_999)))).isTrue();
    assertThat(EdgeMemory.areAlike(List.of(ATTIC), List.of(heard(60_000)))).isFalse();
    assertThat(EdgeMemory.areAlike(List.of(ATTIC), List.of(BARN))).isFalse();
    assertThat(EdgeMemory.areAlike(List.of(ATTIC), List.of(ATTIC, BARN))).isFalse();
  }

  private static Known heard(long laterMs) {
    return new Known(
        "pi.attic", "e1", ATTIC.heardWallMs() + laterMs, false, 42, 17, 5 - laterMs, laterMs);
  }

  @Test
  @DisplayName("makes no directory where there is no journal")
  void noJournal() throws IOException {
    new EdgeMemory(dir.resolve("none")).save(List.of(ATTIC));
    assertThat(dir.resolve("none")).doesNotExist();
  }
}
