package io.spillway.config;

import java.time.Duration;

/**
 * Weather stations that are not there.
 *
 * @param every time between two messages of one station
 */
public record SimulatorConfig(int stations, Duration every) {
  static SimulatorConfig from(Section section) throws ConfigException {
    SimulatorConfig config =
        new SimulatorConfig(
            section.wholeInt("stations", 1, 1_000, 3),
            section.millis("everyMs", 10, 3_600_000, 1_000));
    section.rejectUnknownKeys();
    return config;
  }
}
