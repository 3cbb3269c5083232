package io.spillway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The invented building")
class BuildingTest {
  private static final long DAY_MS = 24 * 3_600_000L;
  private static final long MIDNIGHT = 19_000 * DAY_MS;

  @ParameterizedTest(name = "{0} o''clock")
  @ValueSource(ints = {3, 10, 15, 22})
  @DisplayName("has bad air in the meeting room within a minute, and good air again within two, at")
  void firstMishap(int hour) {
    List<Double> co2 = series(6, MIDNIGHT + hour * 3_600_000L, 120).get(0);

    assertThat(co2.subList(0, 8)).allMatch(ppm -> ppm < 950);
    assertThat(co2.subList(30, 53)).allMatch(ppm -> ppm > 1_000);
    assertThat(co2.subList(0, 60)).anyMatch(ppm -> ppm > 2_000);
    assertThat(co2.subList(90, 120)).allMatch(ppm -> ppm < 950);
  }

  @Test
  @DisplayName("has bad air in one room at a time, every few minutes, in every room some day")
  void laterMishaps() {
    int seconds = 4 * 3_600;
    List<List<Double>> rooms = series(6, MIDNIGHT, seconds);
    Set<Integer> hit = new HashSet<>();
    int badSeconds = 0;
    for (int second = 0; second < seconds; second++) {
      int bad = 0;
      for (int room = 0; room < 6; room++) {
        if (rooms.get(room).get(second) > 1_100) {
          hit.add(room);
          bad++;
        }
      }
      assertThat(bad).isLessThanOrEqualTo(1);
      badSeconds += bad;
    }

    assertThat(hit).containsExactlyInAnyOrder(0, 2, 3, 4, 5); // in the kitchen it is no CO2
    assertThat(badSeconds).isBetween(seconds / 20, seconds / 3);
  }

  @Test
  @DisplayName("is silent without rooms")
  void none() {
    assertThat(series(0, MIDNIGHT, 10)).isEmpty();
  }

  private static List<List<Double>> series(int rooms, long fromMs, int seconds) {
    Building building = new Building(rooms);
    List<List<Double>> all = new ArrayList<>();
    for (int room = 0; room < rooms; room++) {
      all.add(new ArrayList<>());
    }
    for (int second = 0; second < seconds; second++) {
      List<SimulatedMessage> packets = new ArrayList<>();
      building.publish(fromMs + second * 1_000L, packets::add);
      for (int room = 0; room < rooms; room++) {
        all.get(room).add(new JsonObject(packets.get(room).json()).getDouble("co2"));
      }
    }
    return all;
  }
}
