package io.spillway.iaq;

import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What was said")
class WrittenIdsTest {
  @Test
  @DisplayName("is known by the identity at the end of a record")
  void found() {
    WrittenIds writtenIds = new WrittenIds();
    writtenIds.addFrom(
        lines(
            "{\"type\":\"alert\",\"_id\":\"iaq.12.alert.co2.high\"}",
            "{\"co2\":1,\"_id\":\"pi.3f9a1c2e.7\"}",
            "{\"a\":\",\\\"_id\\\":\\\"iaq.1\"}",
            "{}",
            "",
            "{\"_src\":5,\"_id\":\"iaq.5.prediction\"}"));

    assertThat(writtenIds.size()).isEqualTo(2);
    assertThat(writtenIds.has("iaq.12.alert.co2.high")).isTrue();
    assertThat(writtenIds.has("iaq.5.prediction")).isTrue();
    assertThat(writtenIds.has("iaq.5")).isFalse();
  }
}
