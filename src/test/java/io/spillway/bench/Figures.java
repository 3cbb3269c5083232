package io.spillway.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Figures of several rounds, by name, of which the median counts. */
final class Figures {
  private final Map<String, List<Double>> rounds = new LinkedHashMap<>();

  void add(String name, double value) {
    rounds.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
  }

  double median(String name) {
    double[] values = rounds.get(name).stream().mapToDouble(Double::doubleValue).toArray();
    return quantile(values, 0.5);
  }

  /** All rounds, to show how far they lie apart. */
  String spread(String name, String format) {
    return String.join(
        " ", rounds.get(name).stream().sorted().map(value -> format.formatted(value)).toList());
  }

  /** The value that a share of {@code q} lies below. */
  static double quantile(double[] values, double q) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  }
}
