package io.spillway.server.api;

import io.vertx.core.json.JsonObject;

/**
 * From which value on indoor air is good, medium or bad, as pages colour it: inside {@code good},
 * else inside {@code medium}, else bad; bounds belong to the better side.
 *
 * <ul>
 *   <li>CO2: German Environment Agency (UBA), "Health evaluation of carbon dioxide in indoor air",
 *       2008: below 1000 ppm harmless, above 2000 ppm unacceptable.
 *   <li>PM2.5: WHO global air quality guidelines, 2021, 24-hour mean: guideline 15 µg/m³, interim
 *       target 3 37.5 µg/m³.
 *   <li>TVOC: UBA, "Evaluation of indoor air contamination by means of reference and guideline
 *       values", 2007: level 1 to 0.3 mg/m³, level 2 to 1 mg/m³.
 *   <li>Temperature: 20–26 °C, as EN 16798-1 category II spans winter and summer; not below the 18
 *       °C of the WHO housing and health guidelines, 2018.
 *   <li>Humidity: EN 16798-1: category II 25–60 %; UBA advises 40–60 %, and mould grows above 70 %.
 * </ul>
 */
final class AirThresholds {
  private AirThresholds() {}

  static JsonObject toJson() {
    return new JsonObject()
        .put("co2", upTo("ppm", 1_000, 2_000))
        .put("pm25", upTo("µg/m³", 15, 37.5))
        .put("tvoc", upTo("mg/m³", 0.3, 1))
        .put("temperature", between("°C", 20, 26, 18, 28))
        .put("humidity", between("%", 40, 60, 25, 70));
  }

  private static JsonObject upTo(String unit, Number good, Number medium) {
    return new JsonObject()
        .put("unit", unit)
        .put("good", new JsonObject().put("max", good))
        .put("medium", new JsonObject().put("max", medium));
  }

  private static JsonObject between(String unit, int goodMin, int goodMax, int min, int max) {
    return new JsonObject()
        .put("unit", unit)
        .put("good", new JsonObject().put("min", goodMin).put("max", goodMax))
        .put("medium", new JsonObject().put("min", min).put("max", max));
  }
}
