package io.spillway.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The weather station")
class WeatherStationTest {
  private static final long NOON = 1_700_049_600_000L; // 2023-11-15T12:00Z
  private static final long MINUTE_MS = 60_000;

  @Test
  @DisplayName("gives the same series for the same seed, another for another")
  void seeded() {
    assertThat(series(7)).isEqualTo(series(7)).isNotEqualTo(series(8));
  }

  @Test
  @DisplayName("names itself, the kind and the time in each packet")
  void packet() {
    JsonObject packet = new JsonObject(new WeatherStation("station-1", 1).packet("temp", NOON));
    assertThat(packet.getMap())
        .containsOnlyKeys("station", "kind", "t", "temperature", "humidity")
        .containsEntry("station", "station-1")
        .containsEntry("kind", "temp")
        .containsEntry("t", NOON);
  }

  @Test
  @DisplayName("stays within plausible bounds for two days, and changes smoothly")
  void plausible() {
    WeatherStation station = new WeatherStation("station-1", 42);
    double last = new JsonObject(station.packet("temp", NOON)).getDouble("temperature");
    for (int minute = 1; minute <= 2 * 24 * 60; minute++) {
      long atMs = NOON + minute * MINUTE_MS;
      JsonObject temp = new JsonObject(station.packet("temp", atMs));
      assertThat(temp.getDouble("temperature")).isBetween(5.0, 29.0).isCloseTo(last, within(0.5));
      assertThat(temp.getDouble("humidity")).isBetween(5.0, 100.0);
      JsonObject wind = new JsonObject(station.packet("wind", atMs));
      assertThat(wind.getDouble("speed")).isBetween(0.0, 25.0);
      assertThat(wind.getDouble("gust")).isBetween(wind.getDouble("speed"), 38.0);
      assertThat(wind.getDouble("direction")).isBetween(0.0, 359.0);
      JsonObject rain = new JsonObject(station.packet("rain", atMs));
      assertThat(rain.getDouble("rate")).isBetween(0.0, 10.0);
      last = temp.getDouble("temperature");
    }
  }

  @Test
  @DisplayName("is warmer in the afternoon than before dawn")
  void dailyCycle() {
    WeatherStation station = new WeatherStation("station-1", 3);
    double dawn =
        new JsonObject(station.packet("temp", NOON - 9 * 60 * MINUTE_MS)).getDouble("temperature");
    double afternoon =
        new JsonObject(station.packet("temp", NOON + 3 * 60 * MINUTE_MS)).getDouble("temperature");
    assertThat(afternoon).isGreaterThan(dawn + 8);
  }

  private static List<String> series(long seed) {
    WeatherStation station = new WeatherStation("station-1", seed);
    return LongStream.range(0, 100)
        .mapToObj(i -> station.packet(WeatherStation.KINDS.get((int) (i % 3)), NOON + i * 1000))
        .toList();
  }
}
