package io.spillway.server.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spillway.server.live.LiveMetrics.Rate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A rate")
class RateTest {
  private final Rate rate = new Rate();

  @Test
  @DisplayName("follows what a second brings, and forgets it when nothing comes")
  void follows() {
    for (int second = 0; second < 60; second++) {
      rate.add(40);
      rate.add(60);
      rate.tick();
    }
    assertThat(rate.perSecond()).isCloseTo(100, within(0.1));
    assertThat(rate.total()).isEqualTo(6_000);
    for (int second = 0; second < 60; second++) {
      rate.tick();
    }
    assertThat(rate.perSecond()).isZero();
    assertThat(rate.total()).isEqualTo(6_000);
  }

  @Test
  @DisplayName("has one decimal")
  void rounded() {
    rate.add(1);
    rate.tick();
    assertThat(rate.perSecond()).isEqualTo(0.2);
    rate.tick();
    assertThat(rate.perSecond()).isEqualTo(0.2);
    rate.tick();
    assertThat(rate.perSecond()).isEqualTo(0.1);
  }
}
