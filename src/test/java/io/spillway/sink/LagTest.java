package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The lag of a sink")
class LagTest {
  private final Lag lag = new Lag();

  @Test
  @DisplayName("is the time for which the oldest record not written has been there")
  void oldest() {
    assertThat(lag.ms(0)).isZero();
    lag.stored(10, 1_000);
    lag.stored(20, 2_000);
    assertThat(lag.ms(5_000)).isEqualTo(4_000);
    lag.written(9);
    assertThat(lag.ms(5_000)).isEqualTo(4_000);
    lag.written(10);
    assertThat(lag.ms(5_000)).isEqualTo(3_000);
    lag.written(20);
    assertThat(lag.ms(5_000)).isZero();
  }

  @Test
  @DisplayName("stays right through days of waiting, with bounded memory")
  void days() {
    for (long second = 0; second < 200_000; second++) {
      lag.stored(1 + second, second * 1_000);
    }
    assertThat(lag.ms(200_000_000)).isEqualTo(200_000_000);
    lag.written(100_000);
    assertThat(lag.ms(200_000_000)).isBetween(95_000_000L, 100_001_000L);
  }
}
