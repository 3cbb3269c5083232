package io.spillway.server.search;

import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The filter of measurements")
class MeasurementFilterTest {
  @Test
  @DisplayName("compares members of the top level, numbers as they are written")
  void members() {
    MeasurementFilter filter = filter(Map.of("sensor_id", "7", "salle", "été"), null, null);
    assertThat(matches(filter, "{\"sensor_id\":7,\"salle\":\"été\"}")).isTrue();
    assertThat(
            matches(
                filter, "{\"sensor_id\":\"7\",\"x\":{\"a\":[1]},\"salle\":\"\\u00e9t\\u00e9\"}"))
        .isTrue();
    assertThat(matches(filter, "{\"sensor_id\":7.0,\"salle\":\"été\"}")).isFalse();
    assertThat(matches(filter, "{\"sensor_id\":7}")).isFalse();
    assertThat(matches(filter, "{\"in\":{\"sensor_id\":7,\"salle\":\"été\"}}")).isFalse();
    assertThat(matches(filter, "{\"sensor_id\":true,\"salle\":\"été\"}")).isFalse();
    assertThat(matches(filter, "{\"sensor_id\":7,\"sensor_id\":8,\"salle\":\"été\"}")).isFalse();
    assertThat(matches(filter, "{\"sensor_id\":7,\"salle\":")).isFalse();
  }

  @Test
  @DisplayName("compares the record's own time, or when it came; from is in, to is out")
  void times() {
    MeasurementFilter filter = filter(Map.of(), 1_000L, 2_000L);
    assertThat(matches(filter, "{\"timestamp\":\"1970-01-01T00:00:01Z\"}")).isTrue();
    assertThat(matches(filter, "{\"timestamp\":1.999}")).isTrue();
    assertThat(matches(filter, "{\"timestamp\":2}")).isFalse();
    assertThat(matches(filter, "{\"timestamp\":0,\"_ts_src\":1.5}")).isFalse();
    assertThat(matches(filter, "{\"timestamp\":\"?\",\"_ts_src\":1.5}")).isTrue();
    assertThat(matches(filter, "{\"timestamp\":null,\"_ts_src\":\"1970-01-01T00:00:01.5Z\"}"))
        .isTrue();
    assertThat(matches(filter, "{\"a\":1}")).isFalse();
    assertThat(matches(filter(Map.of(), null, null), "{\"a\":1}")).isTrue();
    assertThat(matches(filter(Map.of(), null, 2_000L), "{\"_ts_src\":0}")).isTrue();
    assertThat(matches(filter(Map.of(), 1_000L, null), "{\"_ts_src\":0}")).isFalse();
  }

  private static MeasurementFilter filter(Map<String, String> equal, Long from, Long to) {
    return new MeasurementFilter(equal, from, to);
  }

  private static boolean matches(MeasurementFilter filter, String record) {
    byte[] line = utf8(record);
    return filter.matches(line, 0, line.length);
  }
}
