package io.spillway.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The backoff")
class BackoffTest {
  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final Duration MAX = Duration.ofSeconds(30);

  @Test
  @DisplayName("doubles up to its longest wait")
  void doubles() {
    Backoff longest = new Backoff(FIRST, MAX, bound -> bound - 1);
    assertThat(longest.before(0)).isEqualTo(Duration.ofSeconds(2));
    assertThat(longest.before(1)).isEqualTo(Duration.ofSeconds(4));
    assertThat(longest.before(3)).isEqualTo(Duration.ofSeconds(16));
    assertThat(longest.before(4)).isEqualTo(MAX);
    assertThat(longest.before(Integer.MAX_VALUE)).isEqualTo(MAX);
  }

  @Test
  @DisplayName("waits at least half of that")
  void half() {
    Backoff shortest = new Backoff(FIRST, MAX, bound -> 0);
    assertThat(shortest.before(0)).isEqualTo(Duration.ofSeconds(1));
    assertThat(shortest.before(100)).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  @DisplayName("stays within its bounds at any attempt and with any chance")
  void bounds() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 10_000; round++) {
      Duration first = Duration.ofMillis(10 + random.nextInt(60_000));
      Duration max = first.plusMillis(random.nextInt(3_600_000));
      int attempt = random.nextInt(1_000);
      Backoff backoff =
          new Backoff(first, max, bound -> (random.nextLong() & Long.MAX_VALUE) % bound);
      assertThat(backoff.before(attempt))
          .as("seed %d", seed)
          .isBetween(first.dividedBy(2).minusMillis(1), max);
    }
  }

  @Test
  @DisplayName("of production differs from one attempt to the next")
  void jitter() {
    Backoff backoff = new Backoff(FIRST, MAX);
    long different =
        java.util.stream.IntStream.range(0, 50).mapToObj(i -> backoff.before(5)).distinct().count();
    assertThat(different).isGreaterThan(10);
  }
}
