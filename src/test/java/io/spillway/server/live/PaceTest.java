package io.spillway.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pace of a piece of work")
class PaceTest {
  private final Pace pace = new Pace(3, 50);

  @Test
  @DisplayName("is a rest of some times as long as the work took")
  void share() {
    pace.worked(100, 110);
    assertThat(pace.restNanos(110)).isEqualTo(30);
    assertThat(pace.restNanos(139)).isEqualTo(1);
    assertThat(pace.restNanos(140)).isZero();
    assertThat(pace.restNanos(1_000)).isNegative();
  }

  @Test
  @DisplayName("is never a longer rest than allowed")
  void bounded() {
    pace.worked(100, 1_100);
    assertThat(pace.restNanos(1_100)).isEqualTo(50);
  }

  @Test
  @DisplayName("is no rest after work that took no time")
  void none() {
    pace.worked(100, 100);
    assertThat(pace.restNanos(100)).isZero();
  }
}
