package io.spillway.iaq;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What is measured in a room, with its names in records, its unit, and what is plausible. */
enum Quantity {
  CO2("CO2", "co2", "ppm", 0, 20_000, 50, "carbon_dioxide eco2"),
  PM25("PM25", "pm25", "µg/m³", 0, 2_000, 2, "pm2_5 pm2.5 pm2-5 pm_2_5"),
  TVOC("TVOC", "tvoc", "mg/m³", 0, 100, 0.02, "voc"),
  TEMPERATURE("Temperature", "temperature", "°C", -40, 85, 0.2, "temp temperature_c"),
  HUMIDITY("Humidity", "humidity", "%", 0, 100, 1, "hum rh relative_humidity");

  private static final Map<String, Quantity> BY_NAME = new HashMap<>();

  static {
    for (Quantity quantity : values()) {
      BY_NAME.put(quantity.member, quantity);
      for (String alias : quantity.aliases.split(" ", -1)) {
        BY_NAME.put(alias, quantity);
      }
    }
  }

  /** Its name within {@code values}. */
  final String label;

  /** Its name at the top of a record. */
  final String member;

  final String unit;
  final double least;
  final double most;

  /** A change that is neither noise nor news; statistics count in it, to be of one size. */
  final double step;

  private final String aliases;

  Quantity(
      String label,
      String member,
      String unit,
      double least,
      double most,
      double step,
      String aliases) {
    this.label = label;
    this.member = member;
    this.unit = unit;
    this.least = least;
    this.most = most;
    this.step = step;
    this.aliases = aliases;
  }

  /** The quantity that a member of this name holds, in upper or lower case; null if none. */
  static Quantity named(String name) {
    return name.length() > 20 ? null : BY_NAME.get(name.toLowerCase(Locale.ROOT));
  }

  /** Whether a sensor may have measured this. */
  boolean isPlausible(double value) {
    return value >= least && value <= most; // false for NaN
  }

  /** The nearest plausible value. */
  double within(double value) {
    return Math.max(least, Math.min(most, value));
  }
}
