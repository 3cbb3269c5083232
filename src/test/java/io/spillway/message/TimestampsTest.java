package io.spillway.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A timestamp")
class TimestampsTest {
  @Test
  @DisplayName("is ISO-8601 in UTC with three digits of milliseconds, always")
  void format() {
    assertThat(Timestamps.format(0)).isEqualTo("1970-01-01T00:00:00.000Z");
    assertThat(Timestamps.format(1_700_000_000_007L)).isEqualTo("2023-11-14T22:13:20.007Z");
    assertThat(Timestamps.format(1_700_000_000_120L)).endsWith(".120Z");
    assertThat(Timestamps.format(-1)).isEqualTo("1969-12-31T23:59:59.999Z");
  }
}
