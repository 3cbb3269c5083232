package io.spillway.config;

import java.time.Duration;

/** Weather stations, rooms and a booking desk that are not there. */
public record SimulatorConfig(
    @Key(
            byDefault = "3",
            min = 1,
            max = 1_000,
            meaning = "weather stations that are not there, on `pws-packet/#`")
        int stations,
    @Key(byDefault = "6", max = 1_000, meaning = "rooms with indoor-air sensors, on `iaq/#`")
        int rooms,
    @Key(
            byDefault = "1000",
            min = 10,
            max = 3_600_000,
            meaning = "time between two messages of one station or room")
        Duration every,
    @Key(
            byDefault = "15000",
            max = 3_600_000,
            meaning = "time between two events of a booking desk, on `tour/#`; 0: none")
        Duration events) {}
