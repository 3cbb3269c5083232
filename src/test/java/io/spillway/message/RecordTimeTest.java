package io.spillway.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The time of a record")
class RecordTimeTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "2026-11-21T06:26:33.145Z, 2026-11-21T06:26:33.145Z",
    "2026-11-21T06:26:33Z, 2026-11-21T06:26:33Z",
    "2026-11-21T06:26Z, 2026-11-21T06:26:00Z",
    "2026-11-21T06:26:33.145678+01:00, 2026-11-21T05:26:33.145678Z",
    "1969-12-31T23:59:59Z, 1969-12-31T23:59:59Z",
    "1970-01-01T00:30:00+01:00, 1969-12-31T23:30:00Z",
    "1700-01-01T00:00:00Z, 1700-01-01T00:00:00Z",
    "2026-11-21T06:26:33.1, 2026-11-21T06:26:33.100Z",
    "2026-11-21 06:26:33, 2026-11-21T06:26:33Z"
  })
  @DisplayName("is read from ISO 8601, in UTC where no offset is given")
  void texts(String text, Instant time) {
    assertThat(RecordTime.of(text).toInstant()).isEqualTo(time);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "yesterday",
        "21.11.2026 06:26:33",
        "2026-02-30T00:00:00Z",
        "1699-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "2026-11-21T06:26:33.145Z and more"
      })
  @DisplayName("is not guessed from anything else")
  void unreadable(String text) {
    assertThat(RecordTime.of(text)).isNull();
  }

  @Test
  @DisplayName("is read from a number of seconds, ms, µs or ns since 1970")
  void numbers() {
    Instant time = Instant.parse("2026-11-21T06:26:33.145Z");
    long ms = time.toEpochMilli();

    assertThat(RecordTime.of((double) ms / 1e3).toInstant()).isEqualTo(time);
    assertThat(RecordTime.of((double) ms).toInstant()).isEqualTo(time);
    assertThat(RecordTime.of((double) ms * 1e3).toInstant()).isEqualTo(time);
    assertThat(RecordTime.of((double) ms * 1e6).toInstant()).isEqualTo(time);
    assertThat(RecordTime.of(12_345)).as("since the machine started").isNull();
    assertThat(RecordTime.of(-1)).isNull();
    assertThat(RecordTime.of(1e300)).isNull();
    assertThat(RecordTime.of(Double.NaN)).isNull();
  }
}
