package io.spillway.iaq;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.IaqConfig;
import io.spillway.message.AirQuantity;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The global score")
class GlobalScoreTest {
  private final GlobalScore score = new GlobalScore(IaqConfig.DEFAULTS);

  @Test
  @DisplayName("of the documented example is the documented 85")
  void documented() {
    assertThat(score.of(MeasurementReaderTest.AIR)).isEqualTo(85);
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "CO2, 0, 100",
    "CO2, 400, 100",
    "CO2, 700, 87.5",
    "CO2, 1000, 75",
    "CO2, 1400, 50",
    "CO2, 2000, 25",
    "CO2, 5000, 0",
    "CO2, 20000, 0",
    "PM25, 15, 75",
    "PM25, 75, 0",
    "TVOC, 0, 100",
    "TVOC, 0.3, 75",
    "TVOC, 10, 0",
    "TEMPERATURE, 23, 100",
    "TEMPERATURE, 26, 75",
    "TEMPERATURE, 20, 75",
    "TEMPERATURE, 17, 25",
    "TEMPERATURE, -5, 0",
    "TEMPERATURE, 40, 0",
    "HUMIDITY, 40, 100",
    "HUMIDITY, 60, 75",
    "HUMIDITY, 25, 75",
    "HUMIDITY, 0, 0",
    "HUMIDITY, 100, 0"
  })
  @DisplayName("has part scores of 100, 75, 50, 25 and 0 at the guideline values, linear between")
  void parts(AirQuantity quantity, double value, double part) {
    assertThat(score.part(quantity, value)).isEqualTo(part);
  }

  @Test
  @DisplayName("is that of the only quantity where there is but one")
  void one() {
    assertThat(score.of(Map.of(AirQuantity.CO2, 1400.0))).isEqualTo(50);
  }

  @Test
  @DisplayName("never is more than 10 above the worst part, nor above the mean")
  void worstDominates() {
    assertThat(score.of(Map.of(AirQuantity.CO2, 5000.0, AirQuantity.TEMPERATURE, 22.0)))
        .isEqualTo(10);
    long seed = 20_261_121;
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      Map<AirQuantity, Double> values = new EnumMap<>(AirQuantity.class);
      for (AirQuantity quantity : AirQuantity.values()) {
        if (values.isEmpty() || random.nextBoolean()) {
          double value =
              quantity.least() + random.nextDouble() * (quantity.most() - quantity.least());
          values.put(quantity, value * random.nextDouble());
        }
      }
      double worst = 100;
      double sum = 0;
      for (AirQuantity quantity : values.keySet()) {
        double part = score.part(quantity, values.get(quantity));
        worst = Math.min(worst, part);
        sum += part;
      }
      assertThat(score.of(values))
          .as("seed %d: %s", seed, values)
          .isBetween((int) Math.floor(worst), (int) Math.ceil(worst + 10))
          .isLessThanOrEqualTo((int) Math.ceil(sum / values.size()))
          .isBetween(0, 100);
    }
  }
}
