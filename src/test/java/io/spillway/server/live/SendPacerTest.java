package io.spillway.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pace of a piece of work")
class SendPacerTest {
  private final SendPacer pacer = new SendPacer(3, 50);

  @Test
  @DisplayName("is a rest of some times as long as the work took")
  void share() {
    pacer.worked(100, 110);
    assertThat(pacer.restNanos(110)).isEqualTo(30);
    assertThat(pacer.restNanos(139)).isEqualTo(1);
    assertThat(pacer.restNanos(140)).isZero();
    assertThat(pacer.restNanos(1_000)).isNegative();
  }

  @Test
  @DisplayName("is never a longer rest than allowed")
  void bounded() {
    pacer.worked(100, 1_100);
    assertThat(pacer.restNanos(1_100)).isEqualTo(50);
  }

  @Test
  @DisplayName("is no rest after work that took no time")
  void none() {
    pacer.worked(100, 100);
    assertThat(pacer.restNanos(100)).isZero();
  }
}
