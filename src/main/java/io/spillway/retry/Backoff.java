package io.spillway.retry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongUnaryOperator;

/**
 * How long to wait before an attempt, by exponential back-off with jitter: doubling from {@code
 * first} to {@code max}, and of that at least half, the rest by chance.
 *
 * @param jitter given a bound, a number from 0 (inclusive) to the bound (exclusive)
 */
public record Backoff(Duration first, Duration max, LongUnaryOperator jitter) {

  /** With the chance that production uses. */
  public Backoff(Duration first, Duration max) {
    this(first, max, bound -> ThreadLocalRandom.current().nextLong(bound));
  }

  /** The wait before attempt {@code attempt}, the first one being 0. */
  public Duration before(int attempt) {
    int doublings = Math.min(attempt, 30); // 2^30 × 1 ms is already far above any sensible max
    long ceilingMs = Math.min(max.toMillis(), first.toMillis() << doublings);
    long halfMs = ceilingMs / 2;
    return Duration.ofMillis(halfMs + jitter.applyAsLong(ceilingMs - halfMs + 1));
  }
}
