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
    long second = 1_795_238_400_000L; // 2026-11-21T05:20:00Z
    MeasurementFilter filter = filter(Map.of(), second, second + 1_000);
    assertThat(matches(filter, "{\"timestamp\":\"2026-11-21T05:20:00Z\"}")).isTrue();
    assertThat(matches(filter, "{\"timestamp\":1795238400.999}")).isTrue();
    assertThat(matches(filter, "{\"timestamp\":1795238401}")).isFalse();
    String came = "\"_ts_src\":\"2026-11-21T05:20:00.5Z\"}";
    assertThat(matches(filter, "{\"timestamp\":1795238400500," + came)).isTrue();
    assertThat(matches(filter, "{\"timestamp\":1795238399," + came)).isFalse();
    assertThat(matches(filter, "{\"timestamp\":\"?\"," + came)).isTrue();
    assertThat(matches(filter, "{\"timestamp\":null," + came)).isTrue();
    assertThat(matches(filter, "{\"a\":1}")).isFalse();
    assertThat(matches(filter(Map.of(), null, null), "{\"a\":1}")).isTrue();
    assertThat(matches(filter(Map.of(), null, second + 1_000), "{" + came)).isTrue();
    assertThat(matches(filter(Map.of(), second + 1_000, null), "{" + came)).isFalse();
  }

  @Test
  @DisplayName("takes no record to be of 1970 that counts since its sensor started")
  void uptime() {
    String record = "{\"timestamp\":12345,\"_ts_src\":\"2026-11-21T05:20:00Z\"}";
    assertThat(matches(filter(Map.of(), 0L, 86_400_000L), record)).isFalse();
    assertThat(matches(filter(Map.of(), 1_795_238_400_000L, null), record)).isTrue();
  }

  private static MeasurementFilter filter(Map<String, String> equal, Long from, Long to) {
    return new MeasurementFilter(equal, from, to);
  }

  private static boolean matches(MeasurementFilter filter, String record) {
    byte[] line = utf8(record);
    return filter.matches(line, 0, line.length);
  }
}
