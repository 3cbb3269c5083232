package io.spillway.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The patience with another side")
class PatienceTest {
  private static final Duration PONG = Duration.ofSeconds(10);

  private final Patience patience = new Patience();

  @Test
  @DisplayName("doubles each time it has run out, up to sixteen times what is configured")
  void doubles() {
    patience.begin(0);
    for (int times = 1; times <= Patience.TIMES_MAX; times *= 2) {
      assertThat(patience.of(PONG)).isEqualTo(times * 10_000L);
      patience.over();
    }
    assertThat(patience.of(PONG)).isEqualTo(160_000);
  }

  @Test
  @DisplayName("is as configured after a minute in which that would have been enough")
  void asConfigured() {
    patience.over();
    patience.begin(1_000);
    patience.rewarded(5_000, PONG, 60_999);
    assertThat(patience.of(PONG)).isEqualTo(20_000);
    patience.rewarded(5_000, PONG, 61_000);
    assertThat(patience.of(PONG)).isEqualTo(10_000);
  }

  @Test
  @DisplayName("stays as long as it is needed")
  void needed() {
    patience.over();
    patience.begin(0);
    for (int atMs = 15_000; atMs < 300_000; atMs += 15_000) {
      patience.rewarded(15_000, PONG, atMs);
      patience.rewarded(100, PONG, atMs + 100);
    }
    assertThat(patience.of(PONG)).isEqualTo(20_000);
  }
}
