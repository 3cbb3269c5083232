package io.spillway.server.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A flow")
class SmoothedRateTest {
  @Test
  @DisplayName("is 0 until it was seen twice, and then what came in between")
  void begins() {
    SmoothedRate flow = SmoothedRate.of(true).at(1_000_000, 0);
    assertThat(flow.perSecond()).isZero();
    assertThat(flow.at(1_000_100, 2_000).perSecond()).isEqualTo(50);
  }

  @Test
  @DisplayName("follows within some seconds, however often it is looked at")
  void follows() {
    for (int stepMs : new int[] {100, 1_000, 2_000}) {
      SmoothedRate flow = SmoothedRate.of(true).at(0, 0);
      for (int ms = stepMs; ms <= 20_000; ms += stepMs) {
        flow = flow.at(ms / 10, ms);
      }
      assertThat(flow.perSecond()).isCloseTo(100, within(1e-6));
      for (int ms = 20_000 + stepMs; ms <= 30_000; ms += stepMs) {
        flow = flow.at(2_000, ms);
      }
      assertThat(flow.perSecond()).isBetween(0.0, 3.0);
    }
  }

  @Test
  @DisplayName("of a counter does not fall when it begins anew, of a queue it does")
  void restart() {
    SmoothedRate counter =
        SmoothedRate.of(true).at(1_000, 0).at(0, 1_000).at(0, 1_000); // twice at once
    SmoothedRate queue = SmoothedRate.of(false).at(1_000, 0).at(0, 1_000).at(0, 1_000);
    assertThat(counter.perSecond()).isZero();
    assertThat(queue.perSecond()).isEqualTo(-1_000);
    assertThat(counter.at(10, 2_000).perSecond()).isEqualTo(10);
  }
}
