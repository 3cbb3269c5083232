package io.spillway.iaq;

import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.IaqConfig;
import io.spillway.message.AirQuantity;
import io.spillway.message.Timestamps;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The engine")
class EngineTest {
  private static final long START = 1_763_546_700_000L;

  private long now = START;
  private long offset = 1;
  private Engine engine = new Engine(IaqConfig.DEFAULTS, () -> now);

  private List<Derived> take(String sensor, long atMs, String members) {
    String line =
        "{\"sensor_id\":\"%s\",\"salle\":\"Bureau\",\"timestamp\":\"%s\",%s}"
            .formatted(sensor, Timestamps.format(atMs), members.replace('\'', '"'));
    return engine.take(offset++, lines(line), id -> false);
  }

  private static List<String> ids(List<Derived> records) {
    return records.stream().map(Derived::id).toList();
  }

  private static List<Object> all(List<Derived> records, String member) {
    return records.stream().map(record -> record.members().get(member)).toList();
  }

  private static List<String> keys(Derived record, String member) {
    return ((Map<?, ?>) record.members().get(member))
        .keySet().stream().map(String::valueOf).toList();
  }

  @Test
  @DisplayName("says once that a sensor has appeared, with where it is")
  void appears() {
    List<Derived> writtenIds = take("a", START, "'co2':500");

    assertThat(ids(writtenIds)).containsExactly("iaq.1.module.new");
    assertThat(writtenIds.get(0).members())
        .containsEntry("type", "module")
        .containsEntry("state", "new")
        .containsEntry("sensor_id", "a")
        .containsEntry("salle", "Bureau")
        .containsEntry("_src", 1L)
        .containsEntry("last_seen", "2025-11-19T10:05:00.000Z");
    assertThat(take("a", START + 1_000, "'co2':500")).isEmpty();
  }

  @Test
  @DisplayName(
      "says that a sensor is stale after three of its intervals, once, and that it is back")
  void stale() {
    for (int i = 0; i < 20; i++) {
      take("a", START + i * 60_000L, "'co2':500");
    }
    now = START + 180_000;
    assertThat(engine.tick()).isEmpty();
    now++;
    List<Derived> writtenIds = engine.tick();

    assertThat(ids(writtenIds)).containsExactly("iaq.20.module.stale");
    assertThat(writtenIds.get(0).members())
        .containsEntry("state", "stale")
        .containsEntry("interval_ms", 60_000L)
        .containsEntry("stale_after_ms", 180_000L)
        .containsEntry("last_seen", Timestamps.format(START + 19 * 60_000))
        .containsEntry("timestamp", Timestamps.format(now));
    assertThat(engine.tick()).isEmpty();
    List<Derived> back = take("a", START + 3_600_000, "'co2':500");
    assertThat(ids(back)).contains("iaq.21.module.back");
    assertThat(ids(take("a", START + 3_660_000, "'co2':500")))
        .noneMatch(id -> id.contains("module"));
  }

  @Test
  @DisplayName("takes one leap of a sensor's clock for no usual interval")
  void clockLeaps() {
    take("a", 1_000, "'co2':500");
    for (int i = 0; i < 3; i++) {
      take("a", START + i * 1_000L, "'co2':500");
    }
    now = START + 60_001;
    assertThat(ids(engine.tick())).containsExactly("iaq.4.module.stale");
  }

  @Test
  @DisplayName("goes on when a sensor's clock was ahead and is set right")
  void clockSetRight() {
    int hours = 12 * 3_600_000;
    for (int i = 0; i < 10; i++) {
      take("a", START + hours + i * 60_000L, "'co2':500");
    }
    List<Derived> writtenIds = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      writtenIds.addAll(take("a", START + i * 60_000L, "'co2':1500"));
    }

    assertThat(ids(writtenIds))
        .contains("iaq.12.alert.co2.high")
        .anyMatch(id -> id.contains("prediction"));
  }

  @Test
  @DisplayName("waits at least a minute, and does not take an old time for silence")
  void catchesUp() {
    take("quick", START, "'co2':500");
    take("quick", START + 100, "'co2':500");
    take("old", START - 86_400_000, "'co2':500");
    now = START + 60_000;
    assertThat(engine.tick()).isEmpty();
    now++;
    assertThat(ids(engine.tick()))
        .containsExactlyInAnyOrder("iaq.2.module.stale", "iaq.3.module.stale");
  }

  @Test
  @DisplayName("says that an alert begins, gets worse and is over, and each time worse what to do")
  void alert() {
    List<Derived> writtenIds = new ArrayList<>();
    int[] values = {1100, 1100, 2100, 2100, 900, 900, 900, 900};
    for (int i = 0; i < values.length; i++) {
      writtenIds.addAll(
          take("a", START + i * 60_000L, "'co2':" + values[i] + ",'_id':'x." + i + "'"));
    }
    writtenIds.removeIf(
        record -> List.of("module", "prediction").contains(record.members().get("type")));

    assertThat(ids(writtenIds))
        .containsExactly(
            "iaq.2.alert.co2.high",
            "iaq.2.action.co2.high",
            "iaq.4.alert.co2.high",
            "iaq.4.action.co2.high",
            "iaq.7.alert.co2.high");
    assertThat(all(writtenIds, "level"))
        .containsExactly("warning", "warning", "critical", "critical", "critical");
    assertThat(all(writtenIds, "state")).containsExactly("active", null, "active", null, "over");
    assertThat(all(writtenIds, "alert_id")).containsOnly("iaq.2.alert.co2.high");
    assertThat(writtenIds.get(1).members())
        .containsEntry("action", "ventilate")
        .containsEntry("value", 1100L)
        .containsEntry("threshold", 1000L)
        .containsEntry("unit", "ppm")
        .containsEntry("_src", "x.1");
    assertThat(keys(writtenIds.get(1), "text")).containsExactlyInAnyOrder("en", "fr");
    assertThat(writtenIds.get(4).members())
        .containsEntry("since", Timestamps.format(START + 60_000))
        .containsEntry("until", Timestamps.format(START + 6 * 60_000));
  }

  @Test
  @DisplayName("predicts every five minutes, all quantities of a sensor in one record")
  void predicts() {
    List<Derived> writtenIds = new ArrayList<>();
    for (int i = 0; i <= 60; i++) {
      writtenIds.addAll(take("a", START + i * 20_000L, "'co2':" + (600 + i % 3) + ",'rh':45"));
    }
    writtenIds.removeIf(record -> !record.members().get("type").equals("prediction"));

    assertThat(ids(writtenIds))
        .containsExactly(
            "iaq.4.prediction", "iaq.19.prediction", "iaq.34.prediction", "iaq.49.prediction");
    Map<String, Object> last = writtenIds.get(3).members();
    assertThat(last).containsEntry("horizon_minutes", 30).containsEntry("global_score", 93);
    for (String member : List.of("values", "low", "high", "method")) {
      assertThat(keys(writtenIds.get(3), member)).containsExactly("CO2", "Humidity");
    }
  }

  @Test
  @DisplayName("passes over what was retained, has no name, or is its own")
  void passesOver() {
    assertThat(take("a", START, "'co2':5000,'_retained':true")).isEmpty();
    assertThat(engine.take(9, lines("{\"co2\":500}"), id -> false)).isEmpty();
    assertThat(take("a", START, "'type':'prediction','values':{'CO2':500}")).isEmpty();
    assertThat(engine.counts().nameless.sum()).isEqualTo(1);
  }

  @Test
  @DisplayName("forgets the sensor not heard of for longest when there are too many")
  void bounded() {
    for (int i = 0; i < IaqConfig.DEFAULTS.sensors(); i++) {
      take("s" + i, START, "'co2':500");
    }
    take("s0", START, "'co2':500");
    take("one more", START, "'co2':500");

    assertThat(engine.counts().forgotten.sum()).isEqualTo(1);
    assertThat(engine.counts().sensors).isEqualTo(IaqConfig.DEFAULTS.sensors());
    assertThat(take("s0", START + 1, "'co2':500")).isEmpty();
    assertThat(ids(take("s1", START + 1, "'co2':500"))).hasSize(1);
  }

  @Test
  @DisplayName("says the same again, with the same identities, from a state that was saved")
  void repeatable() throws IOException {
    RoomAir room = new RoomAir(3, true);
    List<String> all = new ArrayList<>();
    for (int minute = 0; minute < 600; minute++) {
      Map<AirQuantity, Double> values = room.next(minute);
      if (values != null) {
        double co2 = values.get(AirQuantity.CO2) * 3;
        all.add("'co2':" + co2 + ",'pm25':" + values.get(AirQuantity.PM25));
      }
    }
    for (int i = 0; i < 200; i++) {
      take("a" + i % 2, START + i * 60_000L, all.get(i));
    }
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    engine.write(new DataOutputStream(saved));
    List<Derived> first = rest(all);
    engine = new Engine(IaqConfig.DEFAULTS, () -> now);
    engine.read(new DataInputStream(new ByteArrayInputStream(saved.toByteArray())));
    List<Derived> second = rest(all);

    assertThat(second).isEqualTo(first);
    assertThat(all(first, "type")).contains("alert", "action", "prediction");
  }

  private List<Derived> rest(List<String> all) {
    offset = 201;
    List<Derived> writtenIds = new ArrayList<>();
    for (int i = 200; i < all.size(); i++) {
      writtenIds.addAll(take("a" + i % 2, START + i * 60_000L, all.get(i)));
    }
    return writtenIds;
  }

  @Test
  @DisplayName("knows a sensor as stale when the journal says so, and says that it is back")
  void saidStale() {
    take("a", START, "'co2':500");
    String line = "{\"sensor_id\":\"a\",\"co2\":500}";

    List<Derived> writtenIds = engine.take(7, lines(line), "iaq.1.module.stale"::equals);

    assertThat(ids(writtenIds)).containsExactly("iaq.7.module.back");
  }
}
