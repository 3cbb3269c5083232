package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pace of messages")
class PaceTest {
  private static final long MS = 1_000_000;

  private final Pace pace = new Pace();
  private long now = 5_000 * MS;

  @Test
  @DisplayName("lets nothing gather at the beginning, nor at 1,500 a second")
  void quiet() {
    assertThat(pace.gathering()).isFalse();
    for (int i = 0; i < 1_000; i++) {
      arrived(1 + i % 2, 1);
      assertThat(pace.gathering()).isFalse();
    }
  }

  @Test
  @DisplayName("lets messages gather within 50 ms at 10,000 a second")
  void busy() {
    for (int i = 0; i < 50; i++) {
      arrived(9 + i % 3, 1);
    }
    assertThat(pace.gathering()).isTrue();
  }

  @Test
  @DisplayName("lets nothing gather when the same number comes twice: a full window of the broker")
  void window() {
    for (int i = 0; i < 50; i++) {
      arrived(9 + i % 3, 1);
    }
    arrived(20, 1);
    assertThat(pace.gathering()).isTrue();
    arrived(20, 1);
    assertThat(pace.gathering()).isFalse();
  }

  @Test
  @DisplayName("lets nothing gather with the first message after a pause")
  void pause() {
    for (int i = 0; i < 100; i++) {
      arrived(9 + i % 3, 1);
    }
    arrived(1, 1_000);
    assertThat(pace.gathering()).isFalse();
  }

  @Test
  @DisplayName("lets nothing gather for a few messages at once")
  void burst() {
    arrived(1, 1_000);
    arrived(5, 0);
    assertThat(pace.gathering()).isFalse();
  }

  private void arrived(int count, long afterMs) {
    now += afterMs * MS;
    pace.arrived(count, now);
  }
}
