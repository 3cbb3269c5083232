package io.spillway.iaq;

import io.spillway.message.AirQuantity;
import io.spillway.message.Timestamps;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes a record of what a sensor's values will be, every few minutes. */
final class Predictions {
  private static final int HORIZON_MS = Forecast.HORIZON * 60_000;

  private final long everyMs;
  private final GlobalScore score;

  /**
   * @param everyMs time between two predictions of a sensor; 0: none at all
   */
  Predictions(long everyMs, GlobalScore score) {
    this.everyMs = everyMs;
    this.score = score;
  }

  /** Takes up a measurement; gives the members of a prediction, or null if none is due. */
  Map<String, Object> look(Sensor sensor, Measurement found) {
    if (everyMs == 0) {
      return null;
    }
    found
        .values()
        .forEach(
            (quantity, value) ->
                sensor
                    .forecasts
                    .computeIfAbsent(quantity, Forecast::new)
                    .feed(found.timeMs(), value));
    boolean setBack = SensorClock.isSetBack(sensor.predictedMs - everyMs, found.timeMs());
    if (found.timeMs() < sensor.predictedMs && !setBack) {
      return null;
    }
    long latest = 0;
    Map<AirQuantity, Forecast.Prediction> all = new EnumMap<>(AirQuantity.class);
    for (Map.Entry<AirQuantity, Forecast> each : sensor.forecasts.entrySet()) {
      Forecast forecast = each.getValue();
      Forecast.Prediction prediction = forecast.predict();
      if (prediction != null && forecast.atMs() > found.timeMs() - HORIZON_MS) {
        all.put(each.getKey(), prediction);
        latest = Math.max(latest, forecast.atMs());
      }
    }
    if (all.isEmpty()) {
      return null;
    }
    sensor.predictedMs = found.timeMs() + everyMs;
    return members(found.timeMs(), latest + HORIZON_MS, all);
  }

  private Map<String, Object> members(
      long atMs, long forMs, Map<AirQuantity, Forecast.Prediction> all) {
    Map<AirQuantity, Double> values = new EnumMap<>(AirQuantity.class);
    Map<String, Object> shown = new LinkedHashMap<>();
    Map<String, Object> low = new LinkedHashMap<>();
    Map<String, Object> high = new LinkedHashMap<>();
    Map<String, Object> method = new LinkedHashMap<>();
    all.forEach(
        (quantity, prediction) -> {
          values.put(quantity, prediction.value());
          shown.put(quantity.label(), Derived.rounded(prediction.value()));
          low.put(quantity.label(), Derived.rounded(prediction.low()));
          high.put(quantity.label(), Derived.rounded(prediction.high()));
          method.put(quantity.label(), prediction.method().word());
        });
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", "prediction");
    members.put("timestamp", Timestamps.format(atMs));
    members.put("horizon_minutes", Forecast.HORIZON);
    members.put("for", Timestamps.format(forMs));
    members.put("values", shown);
    members.put("low", low);
    members.put("high", high);
    members.put("coverage", Forecast.COVERAGE);
    members.put("method", method);
    members.put("global_score", score.of(values));
    return members;
  }
}
