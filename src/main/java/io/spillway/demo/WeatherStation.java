package io.spillway.demo;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * One invented weather station: smooth values with a daily cycle, wind in gusts, rain in showers.
 *
 * <p>The same name, seed and sequence of calls give the same packets.
 */
final class WeatherStation {
  /** What a station publishes, each on a topic of its own. */
  static final List<String> KINDS = List.of("temp", "wind", "rain");

  private static final double DAY_MS = 24 * 60 * 60 * 1000.0;
  private static final double WARMEST = 15 / 24.0; // three in the afternoon, UTC

  private final String name;
  private final RandomGenerator random;
  private double warmth;
  private double humid;
  private double breeze = 3;
  private double heading = 220;
  private double shower = -1;
  private double fallen;

  WeatherStation(String name, long seed) {
    this.name = name;
    this.random = new Random(seed);
  }

  String name() {
    return name;
  }

  /**
   * A JSON object with station, kind, {@code t} (epoch milliseconds) and the values of the kind.
   */
  String packet(String kind, long atMs) {
    String values =
        switch (kind) {
          case "temp" -> temperature(atMs);
          case "wind" -> wind();
          case "rain" -> rain();
          default -> throw new IllegalArgumentException("no such kind: " + kind);
        };
    return "{\"station\":\"" + name + "\",\"kind\":\"" + kind + "\",\"t\":" + atMs + values + "}";
  }

  // The warmer, the drier.
  private String temperature(long atMs) {
    double cycle = Math.cos(2 * Math.PI * (atMs / DAY_MS - WARMEST));
    warmth = drift(warmth, 0.05);
    humid = drift(humid, 0.15);
    return values(
        ",\"temperature\":%.1f,\"humidity\":%.1f",
        17 + 6 * cycle + warmth, within(60 - 18 * cycle + humid, 5, 100));
  }

  // Speeds in m/s, the direction in degrees from north.
  private String wind() {
    breeze = within(breeze + random.nextGaussian() * 0.3 + (3 - breeze) * 0.02, 0, 25);
    heading = (heading + random.nextGaussian() * 4 + 360) % 360;
    double gust = breeze * (1.2 + 0.3 * random.nextDouble());
    return values(
        ",\"speed\":%.1f,\"gust\":%.1f,\"direction\":%.0f,"
            + "\"units\":{\"speed\":\"m/s\",\"gust\":\"m/s\"}",
        breeze, gust, Math.floor(heading));
  }

  // It rains while the shower is above 0: mm/h now, and mm since the station was started.
  private String rain() {
    shower = within(shower + random.nextGaussian() * 0.2 - (shower + 1) * 0.02, -5, 10);
    double rate = Math.max(0, shower);
    fallen += rate / 3600;
    return values(
        ",\"rate\":%.1f,\"total\":%.2f,\"units\":{\"rate\":\"mm/h\",\"total\":\"mm\"}",
        rate, fallen);
  }

  // Noise that remembers: each step moves a little and is drawn back to 0.
  private double drift(double value, double step) {
    return within(value * 0.99 + random.nextGaussian() * step, -5, 5);
  }

  private static double within(double value, double least, double most) {
    return Math.max(least, Math.min(most, value));
  }

  private static String values(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
