package io.spillway.config;

import io.spillway.topic.TopicFilter;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/**
 * What indoor air means. Runs beside the server.
 *
 * @param topics MQTT topics that carry indoor air; a record that came on no topic may always
 * @param co2 ppm
 * @param pm25 µg/m³
 * @param tvoc mg/m³
 * @param temperature °C
 * @param humidity relative, %
 * @param hold a value has to be beyond a threshold for so long before there is an alert
 * @param clear and back behind it for so long before the alert is over
 * @param repeat an action is advised again after so long while its alert lasts; zero: once
 * @param sensors most that are remembered; the one not heard of for longest is forgotten
 * @param staleFactor usual intervals without a measurement after which a sensor is stale
 * @param stale shortest time after which a sensor is stale
 * @param predict time between two predictions of a sensor; zero: none
 * @param save time between two saves of what is known
 */
public record IaqConfig(
    List<String> topics,
    QuantityConfig co2,
    QuantityConfig pm25,
    QuantityConfig tvoc,
    QuantityConfig temperature,
    QuantityConfig humidity,
    Duration hold,
    Duration clear,
    Duration repeat,
    int sensors,
    int staleFactor,
    Duration stale,
    Duration predict,
    Duration save) {
  private static final int TOPICS_MAX = 100;
  private static final String TOPICS_ALLOWED = "0..100 MQTT topic filters";

  /** The sources of all numbers are in docs/iaq.md and in the Javadoc of {@code GlobalScore}. */
  public static final IaqConfig DEFAULTS =
      new IaqConfig(
          List.of("#"),
          QuantityConfig.upwards(List.of(400.0, 1000.0, 1400.0, 2000.0, 5000.0), 1000, 2000, 50),
          QuantityConfig.upwards(List.of(5.0, 15.0, 25.0, 37.5, 75.0), 25, 50, 3),
          QuantityConfig.upwards(List.of(0.0, 0.3, 1.0, 3.0, 10.0), 1, 3, 0.1),
          new QuantityConfig(
              List.of(25.5, 26.0, 27.0, 28.0, 35.0),
              List.of(21.0, 20.0, 19.0, 17.0, 12.0),
              26,
              28,
              18.0,
              16.0,
              0.5),
          new QuantityConfig(
              List.of(50.0, 60.0, 70.0, 80.0, 95.0),
              List.of(30.0, 25.0, 20.0, 15.0, 5.0),
              60,
              70,
              25.0,
              20.0,
              3),
          Duration.ofMinutes(1),
          Duration.ofMinutes(2),
          Duration.ZERO,
          10_000,
          3,
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofSeconds(30));

  static IaqConfig from(Section section) throws ConfigException {
    IaqConfig config =
        new IaqConfig(
            topics(section),
            DEFAULTS.co2.from(section.needed("co2"), 0, 20_000),
            DEFAULTS.pm25.from(section.needed("pm25"), 0, 2_000),
            DEFAULTS.tvoc.from(section.needed("tvoc"), 0, 100),
            DEFAULTS.temperature.from(section.needed("temperature"), -40, 85),
            DEFAULTS.humidity.from(section.needed("humidity"), 0, 100),
            section.millis("holdMs", 0, 3_600_000, 60_000),
            section.millis("clearMs", 0, 3_600_000, 120_000),
            section.millis("repeatMs", 0, 86_400_000, 0),
            section.wholeInt("sensors", 1, 100_000, 10_000),
            section.wholeInt("staleFactor", 2, 1_000, 3),
            section.millis("staleMs", 100, 86_400_000, 60_000),
            section.millis("predictMs", 0, 86_400_000, 300_000),
            section.millis("saveMs", 100, 3_600_000, 30_000));
    section.rejectUnknownKeys();
    return config;
  }

  private static List<String> topics(Section section) throws ConfigException {
    List<String> topics = section.texts("topics", 0, TOPICS_MAX, TOPICS_ALLOWED, DEFAULTS.topics);
    for (String topic : topics) {
      String problem = TopicFilter.problem(topic).orElse(null);
      if (problem != null) {
        throw section.wrong("topics", Section.found(topic) + ": " + problem, TOPICS_ALLOWED);
      }
    }
    if (new HashSet<>(topics).size() < topics.size()) {
      throw section.wrong("topics", "one topic twice", TOPICS_ALLOWED);
    }
    return topics;
  }
}
