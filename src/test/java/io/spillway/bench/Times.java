package io.spillway.bench;

import java.time.Duration;

/** How long the live scenarios measure: {@code BENCH_SCALE=0.2} makes all of it a fifth. */
final class Times {
  private static final double SCALE =
      Double.parseDouble(System.getenv().getOrDefault("BENCH_SCALE", "1"));

  private Times() {}

  /** So many seconds, at scale 1. */
  static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * SCALE * 1_000));
  }
}
