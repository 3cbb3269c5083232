package io.spillway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.IaqConfig;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The thresholds that pages colour by")
class AirThresholdsTest {
  @Test
  @DisplayName("are those of guidelines where nobody watches the air")
  void guidelines() {
    JsonObject thresholds = AirThresholds.toJson(null);

    assertThat(thresholds.fieldNames())
        .containsExactly("co2", "pm25", "tvoc", "temperature", "humidity");
    assertThat(thresholds.getJsonObject("pm25").encode())
        .isEqualTo("{\"unit\":\"µg/m³\",\"good\":{\"max\":15},\"medium\":{\"max\":37.5}}");
  }

  @Test
  @DisplayName("are those of alerts where it is watched: good to the warning, medium to critical")
  void alerts() {
    JsonObject thresholds = AirThresholds.toJson(IaqConfig.DEFAULTS);

    assertThat(thresholds.fieldNames())
        .containsExactly("co2", "pm25", "tvoc", "temperature", "humidity");
    assertThat(thresholds.getJsonObject("pm25").encode())
        .isEqualTo("{\"unit\":\"µg/m³\",\"good\":{\"max\":25.0},\"medium\":{\"max\":50.0}}");
    assertThat(thresholds.getJsonObject("temperature").encode())
        .isEqualTo(
            "{\"unit\":\"°C\",\"good\":{\"min\":18.0,\"max\":26.0},"
                + "\"medium\":{\"min\":16.0,\"max\":28.0}}");
  }
}
