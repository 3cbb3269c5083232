package io.spillway.server.api;

import static io.spillway.message.AirQuantity.CO2;
import static io.spillway.message.AirQuantity.HUMIDITY;
import static io.spillway.message.AirQuantity.PM25;
import static io.spillway.message.AirQuantity.TEMPERATURE;
import static io.spillway.message.AirQuantity.TVOC;

import io.spillway.config.IaqConfig;
import io.spillway.config.QuantityConfig;
import io.spillway.message.AirQuantity;
import io.vertx.core.json.JsonObject;

/**
 * From which value on indoor air is good, medium or bad, as pages colour it: inside {@code good},
 * else inside {@code medium}, else bad; bounds belong to the better side.
 *
 * <p>Where alerts are configured, good ends where a warning begins, and medium where it becomes
 * critical, so that no page says otherwise than an alert. Elsewhere:
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

  /**
   * The bounds by quantity.
   *
   * @param iaq null where nobody watches the air
   */
  static JsonObject toJson(IaqConfig iaq) {
    return iaq == null ? ofGuidelines() : ofAlerts(iaq);
  }

  private static JsonObject ofGuidelines() {
    return new JsonObject()
        .put(CO2.member(), upTo(CO2, 1_000, 2_000))
        .put(PM25.member(), upTo(PM25, 15, 37.5))
        .put(TVOC.member(), upTo(TVOC, 0.3, 1))
        .put(TEMPERATURE.member(), between(TEMPERATURE, 20, 26, 18, 28))
        .put(HUMIDITY.member(), between(HUMIDITY, 40, 60, 25, 70));
  }

  private static JsonObject ofAlerts(IaqConfig iaq) {
    return new JsonObject()
        .put(CO2.member(), of(CO2, iaq.co2()))
        .put(PM25.member(), of(PM25, iaq.pm25()))
        .put(TVOC.member(), of(TVOC, iaq.tvoc()))
        .put(TEMPERATURE.member(), of(TEMPERATURE, iaq.temperature()))
        .put(HUMIDITY.member(), of(HUMIDITY, iaq.humidity()));
  }

  private static JsonObject of(AirQuantity quantity, QuantityConfig config) {
    Double low = config.lowWarning();
    return low == null
        ? upTo(quantity, config.warning(), config.critical())
        : between(quantity, low, config.warning(), config.lowCritical(), config.critical());
  }

  private static JsonObject upTo(AirQuantity quantity, Number good, Number medium) {
    return new JsonObject()
        .put("unit", quantity.unit())
        .put("good", new JsonObject().put("max", good))
        .put("medium", new JsonObject().put("max", medium));
  }

  private static JsonObject between(
      AirQuantity quantity, Number goodMin, Number goodMax, Number min, Number max) {
    return new JsonObject()
        .put("unit", quantity.unit())
        .put("good", new JsonObject().put("min", goodMin).put("max", goodMax))
        .put("medium", new JsonObject().put("min", min).put("max", max));
  }
}
