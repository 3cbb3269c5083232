package io.spillway.config;

import io.spillway.config.Section.Presence;
import java.time.Duration;
import java.util.List;

/**
 * What indoor air means. Runs beside the server.
 *
 * @param co2 ppm
 * @param pm25 µg/m³
 * @param tvoc mg/m³
 * @param temperature °C
 * @param humidity relative, %
 */
public record IaqConfig(
    @Key(
            byDefault = "#",
            max = 100,
            form = Form.FILTERS,
            allowed = "MQTT topic filters",
            meaning =
                "which MQTT topics carry indoor air; what came by HTTP or a plain WebSocket "
                    + "always may")
        List<String> topics,
    @Section(Presence.ALWAYS)
        @Quantity(
            unit = "ppm",
            max = 20_000,
            score = {"400", "1000", "1400", "2000", "5000"},
            warning = "1000",
            critical = "2000",
            margin = "50")
        QuantityConfig co2,
    @Section(Presence.ALWAYS)
        @Quantity(
            unit = "µg/m³",
            max = 2_000,
            score = {"5", "15", "25", "37.5", "75"},
            warning = "25",
            critical = "50",
            margin = "3")
        QuantityConfig pm25,
    @Section(Presence.ALWAYS)
        @Quantity(
            unit = "mg/m³",
            max = 100,
            score = {"0", "0.3", "1", "3", "10"},
            warning = "1",
            critical = "3",
            margin = "0.1")
        QuantityConfig tvoc,
    @Section(Presence.ALWAYS)
        @Quantity(
            unit = "°C",
            min = -40,
            max = 85,
            score = {"25.5", "26", "27", "28", "35"},
            scoreLow = {"21", "20", "19", "17", "12"},
            warning = "26",
            critical = "28",
            lowWarning = "18",
            lowCritical = "16",
            margin = "0.5")
        QuantityConfig temperature,
    @Section(Presence.ALWAYS)
        @Quantity(
            unit = "%",
            max = 100,
            score = {"50", "60", "70", "80", "95"},
            scoreLow = {"30", "25", "20", "15", "5"},
            warning = "60",
            critical = "70",
            lowWarning = "25",
            lowCritical = "20",
            margin = "3")
        QuantityConfig humidity,
    @Key(
            byDefault = "60000",
            max = 3_600_000,
            meaning = "an alert begins when a threshold was reached for so long without a break")
        Duration hold,
    @Key(
            byDefault = "120000",
            max = 3_600_000,
            meaning = "and is over when the value was back by the margin for so long")
        Duration clear,
    @Key(
            byDefault = "0",
            max = 86_400_000,
            meaning = "an action is advised again after so long while its alert lasts; 0: once")
        Duration repeat,
    @Key(
            byDefault = "10000",
            min = 1,
            max = 100_000,
            meaning =
                "most that are remembered; the one not heard of for longest is forgotten, and "
                    + "counted")
        int sensors,
    @Key(
            byDefault = "3",
            min = 2,
            max = 1_000,
            meaning =
                "a sensor is stale after so many of its usual intervals without a measurement")
        int staleFactor,
    @Key(byDefault = "60000", min = 100, max = 86_400_000, meaning = "but not before so long")
        Duration stale,
    @Key(
            byDefault = "300000",
            max = 86_400_000,
            meaning = "time between two predictions of a sensor; 0: none")
        Duration predict,
    @Key(
            byDefault = "30000",
            min = 100,
            max = 3_600_000,
            meaning =
                "time between two saves of what is known; after a crash as much is looked at "
                    + "again")
        Duration save)
    implements Checked {
  /** The sources of all numbers are in docs/iaq.md and in the Javadoc of {@code GlobalScore}. */
  public static final IaqConfig DEFAULTS = Binder.defaults(IaqConfig.class);

  @Override
  public void check(Checks at) throws ConfigException {
    at.once("topics", topics, "one topic twice", "0..100 MQTT topic filters, each topic once");
  }
}
