package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A topic filter")
class TopicFilterRuleTest {
  @ParameterizedTest(name = "{index}: {0}")
  @ValueSource(
      strings = {
        "#",
        "+",
        "/",
        "a",
        "a/#",
        "a//b",
        "+/+",
        "+/a/#",
        "/a",
        "a/",
        "$SYS/#",
        "a b",
        "$share/g/a/#",
        "$shared",
        "é/#"
      })
  @DisplayName("is accepted when MQTT 3.1.1, section 4.7, allows it")
  void valid(String filter) {
    assertThat(TopicFilterRule.problem(filter)).isEmpty();
  }

  @ParameterizedTest(name = "{index}: {0}")
  @ValueSource(
      strings = {
        "",
        "a#",
        "#/a",
        "a/#/b",
        "a/b#",
        "a+",
        "+a/b",
        "a/+b",
        "##",
        "$share/",
        "$share/g",
        "$share//a",
        "$share/g/",
        "$share/g+/a",
        "$share/g/a#"
      })
  @DisplayName("is refused when it does not")
  void invalid(String filter) {
    assertThat(TopicFilterRule.problem(filter)).isPresent();
  }
}
