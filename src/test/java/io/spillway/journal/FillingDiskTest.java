package io.spillway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A disk that fills up")
class FillingDiskTest {
  private static final long GIB = 1L << 30;
  private static final long HOUR_MS = 3_600_000;

  private final FillingDisk disk = new FillingDisk();

  @Test
  @DisplayName("is told when less than a tenth is free, until a fifth more is")
  void hysteresis() {
    assertThat(disk.look(11, 100, 0)).isEmpty();
    assertThat(disk.look(9, 100, 1)).isNotEmpty();
    assertThat(disk.look(11, 100, 2)).isNotEmpty();
    assertThat(disk.look(13, 100, 3)).isEmpty();
    assertThat(disk.look(11, 100, 4)).isEmpty();
  }

  @Test
  @DisplayName("is not told while a large one has 10 GiB")
  void large() {
    assertThat(disk.look(11 * GIB, 1_000 * GIB, 0)).isEmpty();
    assertThat(disk.look(9 * GIB, 1_000 * GIB, 1)).isEqualTo("9,216 MiB of the disk are free");
  }

  @Test
  @DisplayName("is told with the time it takes, once that shows")
  void forecast() {
    disk.look(10 * GIB, 20 * GIB, 0);
    assertThat(disk.look(GIB, 20 * GIB, HOUR_MS / 12)).doesNotContain("full in");
    assertThat(disk.look(GIB, 20 * GIB, HOUR_MS)).endsWith("free, full in about 1 h");
    disk.look(2 * GIB, 20 * GIB, HOUR_MS); // somebody made room: it counts from here
    assertThat(disk.look(2 * GIB - GIB / 100, 20 * GIB, 2 * HOUR_MS))
        .endsWith("free, full in about 8 days");
  }
}
