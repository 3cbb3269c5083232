package io.spillway.iaq;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.message.AirQuantity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A measurement")
class MeasurementReaderTest {
  static final String DOCUMENTED =
      """
      {"type":"measurement","timestamp":"2025-11-19T10:05:00Z","sensor_id":"bureau1",\
      "enseigne":"Maison","salle":"Bureau",\
      "values":{"CO2":645,"PM25":12,"TVOC":0.2,"Temperature":22.3,"Humidity":45},\
      "co2":645,"pm25":12,"tvoc":0.2,"temperature":22.3,"humidity":45,"global_score":85}\
      """;
  static final Map<AirQuantity, Double> AIR =
      Map.of(
          AirQuantity.CO2, 645.0,
          AirQuantity.PM25, 12.0,
          AirQuantity.TVOC, 0.2,
          AirQuantity.TEMPERATURE, 22.3,
          AirQuantity.HUMIDITY, 45.0);
  private static final long NOW = 1_800_000_000_000L;

  private final MeasurementReader reader = new MeasurementReader(() -> NOW);

  private Measurement read(String json) {
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return reader.read(bytes, 0, bytes.length);
  }

  @Test
  @DisplayName("is read from the documented message")
  void documented() {
    Measurement found = read(DOCUMENTED);

    assertThat(found.sensorId()).isEqualTo("bureau1");
    assertThat(found.enseigne()).isEqualTo("Maison");
    assertThat(found.salle()).isEqualTo("Bureau");
    assertThat(found.timeMs()).isEqualTo(Instant.parse("2025-11-19T10:05:00Z").toEpochMilli());
    assertThat(found.values()).isEqualTo(AIR);
    assertThat(found.ignored()).isZero();
    assertThat(found.members()).contains("values", "co2", "global_score");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'co2':645,'pm25':12,'tvoc':0.2,'temperature':22.3,'humidity':45}",
        "{'values':{'CO2':645,'PM25':12,'TVOC':0.2,'Temperature':22.3,'Humidity':45}}",
        "{'CO2':645,'PM2.5':12,'VOC':'0.2','Temp':22.3,'RH':45}",
        "{'values':{'co2':645,'pm2_5':12},'tvoc':0.2,'temp':'22.3','hum':45}",
        "{'values':{'CO2':645},'co2':700,'pm25':12,'PM2_5':13,'tvoc':0.2,'temp':1,"
            + "'temperature':22.3,'humidity':45}"
      })
  @DisplayName("has the same values by whatever usual names they come, the documented ones first")
  void names(String json) {
    assertThat(read(json).values()).isEqualTo(AIR);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'alert','co2':645}",
        "{'type':'prediction','values':{'CO2':645}}",
        "{'type':7,'co2':645}",
        "{'wind':3}",
        "{}",
        "[1]",
        "{'co2':645",
        "{'co2':'high'}",
        "{'values':7}",
        "{'value':645,'_topic':'room/state'}",
        ""
      })
  @DisplayName("is not in a record of another type, without any quantity, or broken")
  void passedOver(String json) {
    assertThat(read(json)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "20001", "1e999", "null", "true", "'NaN'", "'Infinity'", "[]"})
  @DisplayName("leaves out and counts what is no finite, plausible number")
  void implausible(String value) {
    Measurement found = read("{'co2':" + value + ",'humidity':45}");

    assertThat(found.values()).containsOnlyKeys(AirQuantity.HUMIDITY);
    assertThat(found.ignored()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "2025-11-19T10:05:00Z, 2025-11-19T10:05:00Z",
    "2025-11-19T11:05:00+01:00, 2025-11-19T10:05:00Z",
    "2025-11-19T10:05:00.123456, 2025-11-19T10:05:00.123Z",
    "2025-11-19 10:05:00, 2025-11-19T10:05:00Z",
    "1763546700, 2025-11-19T10:05:00Z",
    "1763546700000, 2025-11-19T10:05:00Z",
    "1763546700000000, 2025-11-19T10:05:00Z",
    "1763546700000000000, 2025-11-19T10:05:00Z"
  })
  @DisplayName("has its own time, in ISO-8601 or since 1970 in seconds, ms, µs or ns")
  void times(String written, String meant) {
    long ms = Instant.parse(meant).toEpochMilli();

    assertThat(read("{'co2':1,'timestamp':'" + written + "'}").timeMs()).isEqualTo(ms);
    if (written.matches("\\d+")) {
      assertThat(read("{'co2':1,'timestamp':" + written + "}").timeMs()).isEqualTo(ms);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'soon'",
        "-5",
        "null",
        "{}",
        "'9999-01-01T00:00:00Z'",
        "1e300",
        "''",
        "4e12",
        "12345",
        "'2026-01-02'"
      })
  @DisplayName("has the time it came at where its own cannot be read, else the present")
  void otherTimes(String unreadable) {
    String came = "2026-01-02T03:04:05.678Z";
    String json = "{'co2':1,'timestamp':" + unreadable + ",'_ts_src':'" + came + "'}";

    assertThat(read(json).timeMs()).isEqualTo(Instant.parse(came).toEpochMilli());
    assertThat(read("{'co2':1,'timestamp':" + unreadable + "}").timeMs()).isEqualTo(NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "home/attic, home/attic",
    "home/attic/co2, home/attic",
    "home/attic/PM2.5, home/attic",
    "home/attic/state, home/attic",
    "co2, co2"
  })
  @DisplayName("is of a sensor named by the MQTT topic if it has no name of its own")
  void sensors(String topic, String sensor) {
    assertThat(read("{'co2':1,'_topic':'" + topic + "'}").sensorId()).isEqualTo(sensor);
    assertThat(read("{'co2':1,'sensor_id':7,'_topic':'" + topic + "'}").sensorId()).isEqualTo("7");
  }

  @Test
  @DisplayName("is of the room if there is nothing else, and else of nobody")
  void rooms() {
    assertThat(read("{'co2':1,'enseigne':'A','salle':'B'}").sensorId()).isEqualTo("A/B");
    assertThat(read("{'co2':1}").sensorId()).isNull();
  }

  @Test
  @DisplayName("may be one number on a topic of its own")
  void oneNumber() {
    Measurement found = read("{'value':645,'_topic':'home/attic/co2','_retained':true}");

    assertThat(found.values()).isEqualTo(Map.of(AirQuantity.CO2, 645.0));
    assertThat(found.sensorId()).isEqualTo("home/attic");
    assertThat(found.retained()).isTrue();
  }
}
