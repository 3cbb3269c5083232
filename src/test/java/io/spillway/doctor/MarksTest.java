package io.spillway.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.hop.HopFinding.Result;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The marks before a line")
class MarksTest {
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "UTF-8, SIGNS",
    "UTF-16, SIGNS",
    "ANSI_X3.4-1968, LETTERS",
    "ISO-8859-1, LETTERS",
    "Cp850, LETTERS",
    "no-such-charset, LETTERS",
    "not a name!, LETTERS",
    ", LETTERS"
  })
  @DisplayName("are those that the terminal can show")
  void charsets(String encoding, Marks marks) {
    assertThat(Marks.of(encoding)).isEqualTo(marks);
  }

  @Test
  @DisplayName("tell every result apart")
  void apart() {
    for (Marks marks : Marks.values()) {
      assertThat(Arrays.stream(Result.values()).map(marks::of)).doesNotHaveDuplicates();
    }
  }
}
