package io.spillway.bus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is said of records that a server has lost")
class LossTest {
  @Test
  @DisplayName("is which they are, where all of them had been acknowledged")
  void all() {
    Loss loss = new Loss("pi.3f9a", 61, 1, 101, 101);
    assertThat(loss.words()).isEqualTo("pi.3f9a: 61 to 100");
    assertThat(loss.least()).isEqualTo(40);
    assertThat(new Loss("pi.3f9a", 61, 61, 101, 101).range()).isEqualTo("61 to 100");
  }

  @Test
  @DisplayName("is that they are so many at least, where the edge has let go of more")
  void atLeast() {
    assertThat(new Loss("pi.3f9a", 61, 1, 101, 151).range())
        .isEqualTo("61 to 100 at least, and perhaps to 150");
  }

  @Test
  @DisplayName("has the truth within its bounds, where the edge has dropped some of them")
  void between() {
    Loss loss = new Loss("pi.3f9a", 61, 1_001, 1_479, 1_479);
    assertThat(loss.least()).isEqualTo(478);
    assertThat(loss.range())
        .isEqualTo(
            "61 to 1478 (between 478 and 1418 of these, as the edge has dropped others there)");
    assertThat(new Loss("pi.3f9a", 61, 1_479, 1_479, 1_479).range())
        .isEqualTo("61 to 1478 (at most 1418 of these, as the edge has dropped others there)");
    assertThat(new Loss("pi.3f9a", 61, 1_479, 1_479, 1_479).least()).isZero();
  }
}
