package io.spillway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The invented room")
class RoomTest {
  private static final long NOON = 1_700_049_600_000L; // 2023-11-15T12:00Z
  private static final long HOUR_MS = 3_600_000;

  @Test
  @DisplayName("gives the same series for the same seed, another for another")
  void seeded() {
    assertThat(series(7)).isEqualTo(series(7)).isNotEqualTo(series(8));
  }

  @Test
  @DisplayName("sends what a sensor measures, as documented, on a topic of its own")
  void packet() {
    SimulatedMessage packet = new Room(RoomPlan.of(0), 1).packet(NOON);

    assertThat(packet.topic()).isEqualTo("iaq/bureau/reunion");
    assertThat(new JsonObject(packet.json()).getMap())
        .containsOnlyKeys(
            "sensor_id",
            "enseigne",
            "salle",
            "timestamp",
            "co2",
            "pm25",
            "tvoc",
            "temperature",
            "humidity")
        .containsEntry("sensor_id", "bureau-reunion")
        .containsEntry("enseigne", "Bureau")
        .containsEntry("salle", "Salle de réunion")
        .containsEntry("timestamp", "2023-11-15T12:00:00.000Z");
  }

  @Test
  @DisplayName("is one of six in two sites; what comes behind them is in further sites")
  void sites() {
    assertThat(IntStream.range(0, 6).mapToObj(n -> RoomPlan.of(n).enseigne()).distinct())
        .containsExactlyInAnyOrder("Maison", "Bureau");
    assertThat(IntStream.range(0, 1_000).mapToObj(n -> new Room(RoomPlan.of(n), n).packet(NOON)))
        .extracting(SimulatedMessage::topic)
        .doesNotHaveDuplicates();
    assertThat(RoomPlan.of(7).enseigne()).isEqualTo("Maison 2");
  }

  @Test
  @DisplayName("is busy at hours of its own, also past midnight")
  void presence() {
    RoomPlan bedroom = RoomPlan.of(5);

    assertThat(bedroom.presence(3)).isEqualTo(1);
    assertThat(bedroom.presence(23)).isEqualTo(1);
    assertThat(bedroom.presence(15)).isZero();
  }

  @Test
  @DisplayName("stays far from every threshold for two days when nothing happens")
  void calm() {
    for (int n = 0; n < 6; n++) {
      Room room = new Room(RoomPlan.of(n), n);
      for (int minute = 0; minute < 2 * 24 * 60; minute++) {
        JsonObject values = new JsonObject(room.packet(NOON + minute * 60_000L).json());
        assertThat(values.getDouble("co2")).isBetween(350.0, 900.0);
        assertThat(values.getDouble("pm25")).isBetween(0.0, 15.0);
        assertThat(values.getDouble("tvoc")).isBetween(0.0, 0.3);
        assertThat(values.getDouble("temperature")).isBetween(18.5, 25.0);
        assertThat(values.getDouble("humidity")).isBetween(35.0, 55.0);
      }
    }
  }

  @Test
  @DisplayName("has more CO2 when people are there than when they are not")
  void occupied() {
    assertThat(meanCo2(NOON - 2 * HOUR_MS)).isGreaterThan(meanCo2(NOON - 9 * HOUR_MS) + 200);
  }

  private static double meanCo2(long fromMs) {
    Room room = new Room(RoomPlan.of(0), 1);
    return LongStream.range(0, 600)
        .mapToDouble(i -> new JsonObject(room.packet(fromMs + i * 1_000).json()).getDouble("co2"))
        .average()
        .orElseThrow();
  }

  private static List<SimulatedMessage> series(long seed) {
    Room room = new Room(RoomPlan.of(1), seed);
    return LongStream.range(0, 100).mapToObj(i -> room.packet(NOON + i * 1_000)).toList();
  }
}
