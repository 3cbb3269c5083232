package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pacing of a sink")
class CatchUpThrottleTest {
  @Test
  @DisplayName("rests only while it is behind and others send")
  void applies() {
    CatchUpThrottle throttle = new CatchUpThrottle(50, 4_000);

    assertThat(throttle.applies(4_000, 10)).isTrue();
    assertThat(throttle.applies(3_999, 10)).isFalse();
    assertThat(throttle.applies(1_000_000, 1_000)).isFalse();
    assertThat(new CatchUpThrottle(100, 4_000).applies(1_000_000, 10)).isFalse();
  }

  @Test
  @DisplayName("keeps to the share of time")
  void share() {
    assertThat(new CatchUpThrottle(50, 1).restMs(40)).isEqualTo(40);
    assertThat(new CatchUpThrottle(20, 1).restMs(40)).isEqualTo(160);
    assertThat(new CatchUpThrottle(80, 1).restMs(40)).isEqualTo(10);
    assertThat(new CatchUpThrottle(80, 1).restMs(0)).isEqualTo(1);
  }
}
