package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pace of messages")
class ArrivalRateTest {
  private static final long MS = 1_000_000;

  private final ArrivalRate arrivalRate = new ArrivalRate(3_000);
  private long now = 5_000 * MS;

  @Test
  @DisplayName("is not busy at the beginning, nor at 1,000 a second")
  void quiet() {
    assertThat(arrivalRate.pending()).isFalse();
    for (int i = 0; i < 1_000; i++) {
      arrived(1, 1);
      assertThat(arrivalRate.pending()).isFalse();
    }
  }

  @Test
  @DisplayName("becomes busy within 50 ms at 10,000 a second, however they come together")
  void busy() {
    for (int i = 0; i < 50; i++) {
      arrived(9 + i % 3, 1);
    }
    assertThat(arrivalRate.pending()).isTrue();
    ArrivalRate single = new ArrivalRate(3_000);
    while (!single.pending()) {
      now += MS / 10;
      single.arrived(1, now);
      assertThat(now).isLessThan(5_100 * MS);
    }
  }

  @Test
  @DisplayName("is not busy any more with the first message after a pause")
  void pause() {
    for (int i = 0; i < 100; i++) {
      arrived(10, 1);
    }
    arrived(1, 1_000);
    assertThat(arrivalRate.pending()).isFalse();
  }

  @Test
  @DisplayName("is not made busy by a few messages at once")
  void burst() {
    arrived(1, 1_000);
    arrived(5, 0);
    assertThat(arrivalRate.pending()).isFalse();
  }

  @Test
  @DisplayName("does not wait for more while a broker waits for acknowledgements")
  void window() {
    for (int i = 0; i < 50; i++) {
      arrived(15 + i % 3, 2);
    }
    assertThat(arrivalRate.pending()).isTrue();
    arrived(20, 2);
    arrived(20, 2);
    arrived(20, 2);
    assertThat(arrivalRate.pending()).isFalse();
    for (int i = 0; i < 100; i++) {
      assertThat(arrivalRate.pending()).isFalse();
      arrived(15 + i % 3, 2);
    }
    assertThat(arrivalRate.pending()).isTrue();
  }

  private void arrived(int count, long afterMs) {
    now += afterMs * MS;
    arrivalRate.arrived(count, now);
  }
}
