package io.spillway.config;

import java.time.Duration;

/**
 * Weather stations, rooms and a booking desk that are not there.
 *
 * @param rooms with a sensor of indoor air
 * @param every time between two messages of one station or room
 * @param events time between two events of the booking desk; zero: none
 */
public record SimulatorConfig(int stations, int rooms, Duration every, Duration events) {
  static SimulatorConfig from(Section section) throws ConfigException {
    SimulatorConfig config =
        new SimulatorConfig(
            section.wholeInt("stations", 1, 1_000, 3),
            section.wholeInt("rooms", 0, 1_000, 6),
            section.millis("everyMs", 10, 3_600_000, 1_000),
            section.millis("eventsMs", 0, 3_600_000, 15_000));
    section.rejectUnknownKeys();
    return config;
  }
}
