package io.spillway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A topic to publish on")
class TopicTemplateTest {
  @ParameterizedTest
  @CsvSource({
    "original,attic/a,attic/a",
    "again/{topic},attic/a,again/attic/a",
    "{topic}/again/{topic},a,a/again/a",
    "again,attic/a,again"
  })
  @DisplayName("has the former one in the place of {topic}")
  void filled(String text, String came, String topic) {
    assertThat(TopicTemplate.of(text).problem()).isEmpty();
    assertThat(TopicTemplate.of(text).fill(came)).isEqualTo(topic);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/+", "a/#", "a/{1}", "{topics}", "a/{topic"})
  @DisplayName("has no wildcard, and nothing else in braces")
  void wrong(String text) {
    assertThat(TopicTemplate.of(text).problem()).isNotEmpty();
  }

  @Test
  @DisplayName("is none where a former one is needed and there is none, or it is too long")
  void none() {
    assertThat(TopicTemplate.of("original").fill(null)).isNull();
    assertThat(TopicTemplate.of("again").fill(null)).isEqualTo("again");
    assertThat(TopicTemplate.of("again/{topic}").fill("x".repeat(65_535))).isNull();
  }
}
