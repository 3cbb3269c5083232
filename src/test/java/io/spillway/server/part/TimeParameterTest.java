package io.spillway.server.part;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A time in a query")
class TimeParameterTest {
  @ParameterizedTest
  @DisplayName("is read however a person writes it")
  @CsvSource({
    "1970-01-01T00:00:01Z, 1000",
    "1970-01-01T00:00:00.007Z, 7",
    "1970-01-01T02:00:00+02:00, 0",
    "1970-01-01T00:00:01, 1000",
    "1970-01-01T00:01, 60000",
    "1970-01-02, 86400000",
    "2026-11-21T05:20:00.007123Z, 1795238400007",
    "1795238400, 1795238400000",
    "1795238400.5, 1795238400500",
    "1795238400007, 1795238400007",
    "0, 0",
    "-1, -1000",
  })
  void read(String text, long ms) {
    assertThat(TimeParameter.parse(text)).contains(ms);
  }

  @ParameterizedTest
  @DisplayName("is nothing else")
  @ValueSource(
      strings = {
        "",
        "now",
        "1e9",
        "12:00",
        "2026-13-01",
        "2026-11-21T25:00:00Z",
        "+999999999-01-01T00:00Z",
        "99999999999999999",
        "2026-11-21T05:20:00Z[Europe/Paris]x2026-11-21T05:20:00Z"
      })
  void nothingElse(String text) {
    assertThat(TimeParameter.parse(text)).isEmpty();
  }
}
