package io.spillway.iaq;

import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What was said")
class SaidTest {
  @Test
  @DisplayName("is known by the identity at the end of a record")
  void found() {
    Said said = new Said();
    said.addFrom(
        lines(
            "{\"type\":\"alert\",\"_id\":\"iaq.12.alert.co2.high\"}",
            "{\"co2\":1,\"_id\":\"pi.3f9a1c2e.7\"}",
            "{\"a\":\",\\\"_id\\\":\\\"iaq.1\"}",
            "{}",
            "",
            "{\"_src\":5,\"_id\":\"iaq.5.prediction\"}"));

    assertThat(said.size()).isEqualTo(2);
    assertThat(said.has("iaq.12.alert.co2.high")).isTrue();
    assertThat(said.has("iaq.5.prediction")).isTrue();
    assertThat(said.has("iaq.5")).isFalse();
  }
}
