package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A position in the table of positions")
class TablePositionTest {
  private final TablePosition position = new TablePosition("h:1/d", "\"t_sink\"");

  @Test
  @DisplayName("is a whole number, and that of a new one 0")
  void read() throws Exception {
    assertThat(position.of("j", "0", "bigint", true)).isZero();
    assertThat(position.of("j", "9223372036854775807", "bigint", false)).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest(name = "{0} of {1}")
  @CsvSource(
      value = {
        "NULL, bigint, false, UPDATE \"t_sink\" SET next = 0 WHERE journal = 'j'",
        "-3, bigint, false, UPDATE \"t_sink\" SET next = 0 WHERE journal = 'j'",
        "12, text, false, ALTER TABLE \"t_sink\" ALTER COLUMN next TYPE bigint",
        "12, integer, false, ALTER TABLE \"t_sink\" ALTER COLUMN next TYPE bigint",
        "100, bigint, true, drop the trigger"
      },
      nullValues = "NULL")
  @DisplayName("is nothing else, which is told of with a cure")
  void unreadable(String next, String type, boolean made, String cure) {
    assertThatThrownBy(() -> position.of("j", next, type, made))
        .hasMessageStartingWith("h:1/d: ")
        .hasMessageContaining("\"t_sink\"")
        .hasMessageContaining("; " + cure);
  }
}
