package io.spillway.message;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What is measured of the air in a room, with its names in records, its unit, and what is
 * plausible.
 */
public enum AirQuantity {
  CO2("CO2", "co2", "ppm", 0, 20_000, 50, "carbon_dioxide eco2"),
  PM25("PM25", "pm25", "µg/m³", 0, 2_000, 2, "pm2_5 pm2.5 pm2-5 pm_2_5"),
  TVOC("TVOC", "tvoc", "mg/m³", 0, 100, 0.02, "voc"),
  TEMPERATURE("Temperature", "temperature", "°C", -40, 85, 0.2, "temp temperature_c"),
  HUMIDITY("Humidity", "humidity", "%", 0, 100, 1, "hum rh relative_humidity");

  private static final Map<String, AirQuantity> BY_NAME = new HashMap<>();

  static {
    for (AirQuantity quantity : values()) {
      BY_NAME.put(quantity.member, quantity);
      for (String alias : quantity.aliases.split(" ", -1)) {
        BY_NAME.put(alias, quantity);
      }
    }
  }

  private final String label;
  private final String member;
  private final String unit;
  private final double least;
  private final double most;
  private final double step;
  private final String aliases;

  AirQuantity(
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

  /** Its name within {@code values}. */
  public String label() {
    return label;
  }

  /** Its name at the top of a record. */
  public String member() {
    return member;
  }

  /** The unit that its values have in records, and are shown with. */
  public String unit() {
    return unit;
  }

  /** The least plausible value. */
  public double least() {
    return least;
  }

  /** The greatest plausible value. */
  public double most() {
    return most;
  }

  /** A change that is neither noise nor news; statistics count in it, to be of one size. */
  public double step() {
    return step;
  }

  /** The quantity that a member of this name holds, in upper or lower case; null if none. */
  public static AirQuantity named(String name) {
    return name.length() > 20 ? null : BY_NAME.get(name.toLowerCase(Locale.ROOT));
  }

  /** Whether a sensor may have measured this. */
  public boolean isPlausible(double value) {
    return value >= least && value <= most; // false for NaN
  }

  /** The nearest plausible value. */
  public double within(double value) {
    return Math.max(least, Math.min(most, value));
  }
}
