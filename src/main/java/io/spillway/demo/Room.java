package io.spillway.demo;

import io.spillway.message.Timestamps;
import java.util.Locale;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * One invented room with a sensor: values follow the time of day and the people, with noise. Now
 * and then its air gets bad within half a minute, until somebody opens the windows: much faster
 * than in life, so that one sees it.
 *
 * <p>The same plan, seed and sequence of calls give the same packets.
 */
final class Room {
  private static final double HOUR_MS = 60 * 60 * 1000.0;
  private static final double WARMEST = 15; // three in the afternoon, UTC
  private static final double FILL_MS = 25_000;
  private static final double AIR_MS = 15_000;

  private final RoomPlan plan;
  private final RandomGenerator random;
  private double breath;
  private double warmth;
  private double damp;
  private double dust;
  private double badness;
  private long badUntilMs;
  private long lastMs;

  Room(RoomPlan plan, long seed) {
    this.plan = plan;
    this.random = new Random(seed);
  }

  /** From now on its air gets worse; the windows are opened then. */
  void spoil(long untilMs) {
    badUntilMs = untilMs;
  }

  /** A measurement as a sensor sends it; what Spillway adds is not in it. */
  SimulatedMessage packet(long atMs) {
    worsen(atMs);
    breath = drift(breath, 4, 40);
    warmth = drift(warmth, 0.03, 0.6);
    damp = drift(damp, 0.1, 3);
    dust = drift(dust, 0.15, 2);
    double hour = atMs / HOUR_MS % 24;
    double people = plan.presence(hour);
    double sun = Math.cos(2 * Math.PI * (hour - WARMEST) / 24);
    RoomPlan.Mishap mishap = plan.mishap();
    String site = plan.site();
    return new SimulatedMessage(
        "iaq/" + site + '/' + plan.word(),
        String.format(
            Locale.ROOT,
            "{\"sensor_id\":\"%s-%s\",\"enseigne\":\"%s\",\"salle\":\"%s\",\"timestamp\":\"%s\","
                + "\"co2\":%.0f,\"pm25\":%.1f,\"tvoc\":%.2f,\"temperature\":%.1f,\"humidity\":%.1f}",
            site,
            plan.word(),
            plan.enseigne(),
            plan.salle(),
            Timestamps.format(atMs),
            noisy(430 + plan.co2() * people + breath + mishap.co2 * badness, 5),
            Math.max(0, noisy(6 + 3 * people + dust + mishap.pm25 * badness, 0.3)),
            Math.max(0, noisy(0.08 + 0.12 * people + mishap.tvoc * badness, 0.01)),
            noisy(20.6 + people + 0.8 * sun + warmth + mishap.temperature * badness, 0.05),
            noisy(42 + 4 * people + damp + mishap.humidity * badness, 0.2)));
  }

  private void worsen(long atMs) {
    double passedMs = lastMs == 0 ? 0 : Math.max(0, atMs - lastMs);
    lastMs = atMs;
    badness =
        atMs < badUntilMs
            ? 1 - (1 - badness) * Math.exp(-passedMs / FILL_MS)
            : badness * Math.exp(-passedMs / AIR_MS);
  }

  // Noise that remembers: each step moves a little and is drawn back to 0.
  private double drift(double value, double step, double most) {
    double next = value * 0.99 + random.nextGaussian() * step;
    return Math.max(-most, Math.min(most, next));
  }

  private double noisy(double value, double deviation) {
    return value + random.nextGaussian() * deviation;
  }
}
