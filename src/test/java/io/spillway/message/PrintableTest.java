package io.spillway.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A text that is printed")
class PrintableTest {
  @ParameterizedTest(name = "shows U+{0} as {1}")
  @CsvSource({
    "0000, \\u0000",
    "0009, \\t",
    "000a, \\n",
    "000d, \\r",
    "001b, \\u001b",
    "007f, \\u007f",
    "0085, \\u0085",
    "009b, \\u009b",
    "061c, \\u061c",
    "200e, \\u200e",
    "200f, \\u200f",
    "2028, \\u2028",
    "2029, \\u2029",
    "202a, \\u202a",
    "202e, \\u202e",
    "2066, \\u2066",
    "2069, \\u2069"
  })
  void escaped(String codePoint, String shown) {
    String one = Character.toString(Integer.parseInt(codePoint, 16));

    assertThat(Printable.of("a" + one + "b" + one)).isEqualTo("a" + shown + "b" + shown);
  }

  @Test
  @DisplayName("keeps every letter, and is then the same object")
  void kept() {
    String text =
        "21 °C · Montréal · 東京 · مرحبا · \u200b \u200d \u202f \u2065 \u206a · 👍 ~\u00a0\\n";

    assertThat(Printable.of(text)).isSameAs(text);
  }

  @Test
  @DisplayName("cannot begin a second line, clear the screen or show another order")
  void attacks() {
    assertThat(Printable.of("x\r\n2026-11-21T05:20:00.123Z ERROR forged\u001b[2J\u202egnp.exe"))
        .isEqualTo("x\\r\\n2026-11-21T05:20:00.123Z ERROR forged\\u001b[2J\\u202egnp.exe");
  }
}
