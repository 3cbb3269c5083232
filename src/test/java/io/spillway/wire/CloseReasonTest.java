package io.spillway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.message.Texts;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The reason of a close")
class CloseReasonTest {
  @Test
  @DisplayName("stays as it is while it fits")
  void fits() {
    assertThat(CloseReason.fit("because")).isEqualTo("because");
    assertThat(CloseReason.fit("x".repeat(123))).hasSize(123);
    assertThat(CloseReason.fit(null)).isEqualTo("null");
  }

  @Test
  @DisplayName("is cut to 123 bytes, between characters")
  void cut() {
    for (String part : new String[] {"x", "é", "€", "\ud83d\ude00"}) {
      for (int length = 100; length < 140; length++) {
        String fitted = CloseReason.fit("a".repeat(length % 4) + part.repeat(length));
        byte[] bytes = Texts.utf8(fitted);
        assertThat(bytes.length).isLessThanOrEqualTo(123);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(fitted);
        assertThat(fitted).doesNotContain("?");
      }
    }
  }
}
