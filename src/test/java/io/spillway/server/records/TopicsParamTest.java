package io.spillway.server.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Topics in a URL")
class TopicsParamTest {
  @Test
  @DisplayName("are separated by commas, or come in several parameters, each once")
  void several() {
    assertThat(TopicsParam.of("a=1&topics=x,%20y,,x&topics=z", "topics"))
        .containsExactly("x", "y", "z");
    assertThat(TopicsParam.of("topics=", "topics")).isEmpty();
  }

  @Test
  @DisplayName("may have wildcards, the hash with its escape")
  void wildcards() {
    assertThat(TopicsParam.of("topics=a/+/b,c/%23,%2B", "topics"))
        .containsExactly("a/+/b", "c/#", "+");
  }

  @Test
  @DisplayName("are missing without the parameter")
  void missing() {
    assertThat(TopicsParam.of(null, "topics")).isNull();
    assertThat(TopicsParam.of("topicsx=1", "topics")).isNull();
  }

  @Test
  @DisplayName("are refused with a broken escape")
  void broken() {
    assertThatThrownBy(() -> TopicsParam.of("topics=%zz", "topics"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
