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
    becomeBusy();
    for (int round = 0; round < 20; round++) {
      assertThat(readsGathered(20, 5)).isLessThanOrEqualTo(3);
      for (int i = 0; i < 100; i++) {
        assertThat(arrivalRate.pending()).isFalse();
        arrived(15 + i % 3, 2); // twice as fast: it was a window
      }
      assertThat(arrivalRate.pending()).isTrue();
    }
  }

  @Test
  @DisplayName("goes on gathering, for longer each time, where reads at once bring no more")
  void evenly() {
    becomeBusy();
    int before = 0;
    for (int round = 0; round < 10; round++) {
      int gathered = readsGathered(50, 5);
      assertThat(gathered).isGreaterThanOrEqualTo(Math.min(3_200, 2 * before));
      before = round == 0 ? 50 : gathered;
      for (int i = 0; i < 100; i++) {
        arrived(10, 1);
      }
    }
    assertThat(before).isEqualTo(3_200);
  }

  @Test
  @DisplayName("believes in a window again, once a guess has come true")
  void believedAgain() {
    becomeBusy();
    for (int round = 0; round < 5; round++) {
      readsGathered(50, 5);
      for (int i = 0; i < 100; i++) {
        arrived(10, 1);
      }
    }
    assertThat(readsGathered(50, 5)).isGreaterThan(1_000);
    for (int i = 0; i < 100; i++) {
      arrived(40, 1);
    }
    assertThat(readsGathered(50, 5)).isLessThanOrEqualTo(3);
  }

  private void becomeBusy() {
    for (int i = 0; i < 50; i++) {
      arrived(15 + i % 3, 2);
    }
    assertThat(arrivalRate.pending()).isTrue();
  }

  /** How many reads of equal numbers there were before messages were read at once. */
  private int readsGathered(int count, long everyMs) {
    int reads = 0;
    while (arrivalRate.pending()) {
      arrived(count, everyMs);
      reads++;
    }
    return reads;
  }

  private void arrived(int count, long afterMs) {
    now += afterMs * MS;
    arrivalRate.arrived(count, now);
  }
}
