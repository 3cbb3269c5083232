package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pacing of a sink")
class PacingTest {
  @Test
  @DisplayName("rests only while it is behind and others send")
  void applies() {
    Pacing pacing = new Pacing(50, 4_000);

    assertThat(pacing.applies(4_000, 10)).isTrue();
    assertThat(pacing.applies(3_999, 10)).isFalse();
    assertThat(pacing.applies(1_000_000, 1_000)).isFalse();
    assertThat(new Pacing(100, 4_000).applies(1_000_000, 10)).isFalse();
  }

  @Test
  @DisplayName("keeps to the share of time")
  void share() {
    assertThat(new Pacing(50, 1).restMs(40)).isEqualTo(40);
    assertThat(new Pacing(20, 1).restMs(40)).isEqualTo(160);
    assertThat(new Pacing(80, 1).restMs(40)).isEqualTo(10);
    assertThat(new Pacing(80, 1).restMs(0)).isEqualTo(1);
  }
}
