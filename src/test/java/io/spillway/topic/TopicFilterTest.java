package io.spillway.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A topic filter")
class TopicFilterTest {
  static Stream<Arguments> filters() {
    return TopicCases.of("filters").map(each -> arguments(each.getString(0), each.getString(1)));
  }

  static Stream<Arguments> matching() {
    return TopicCases.pairs("matches");
  }

  static Stream<Arguments> covering() {
    return TopicCases.pairs("covers");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("filters")
  @DisplayName("is valid when MQTT 3.1.1 section 4.7 allows it, or has a reason")
  void problem(String filter, String reason) {
    if (reason == null) {
      assertThat(TopicFilter.problem(filter)).isEmpty();
    } else {
      assertThat(TopicFilter.problem(filter)).contains(reason);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TopicFilter.of(filter))
          .withMessageContaining(reason);
    }
  }

  @ParameterizedTest(name = "{0} and {1}: {2}")
  @MethodSource("matching")
  @DisplayName("matches topics")
  void matches(String filter, String topic, boolean expected) {
    assertThat(TopicFilter.of(filter).matches(topic)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} and {1}: {2}")
  @MethodSource("covering")
  @DisplayName("covers a filter when it matches every topic that that one matches")
  void covers(String filter, String other, boolean expected) {
    assertThat(TopicFilter.of(filter).covers(TopicFilter.of(other))).isEqualTo(expected);
  }

  @Test
  @DisplayName("overlaps a filter when there is a topic that both match, and the other way round")
  void overlaps() {
    List<String> filters = allOf("a", "b", "", "$s", "+", "#");
    filters.removeIf(each -> TopicFilter.problem(each).isPresent());
    List<String> topics =
        allOf("a", "b", "", "$s", "c"); // also the empty one, which /# and + match
    for (String one : filters) {
      TopicFilter filter = TopicFilter.of(one);
      List<String> matched = topics.stream().filter(filter::matches).toList();
      for (String another : filters) {
        TopicFilter other = TopicFilter.of(another);
        assertThat(filter.overlaps(other))
            .as("%s and %s", one, another)
            .isEqualTo(matched.stream().anyMatch(other::matches));
      }
    }
  }

  /** One to three of these levels, in every combination. */
  private static List<String> allOf(String... levels) {
    List<String> all = new ArrayList<>();
    for (String one : levels) {
      all.add(one);
      for (String two : levels) {
        all.add(one + '/' + two);
        for (String three : levels) {
          all.add(one + '/' + two + '/' + three);
        }
      }
    }
    return all;
  }

  @Test
  @DisplayName("has 1 to 65,535 bytes, and as many levels as fit")
  void length() {
    assertThat(TopicFilter.problem("")).contains("empty");
    assertThat(TopicFilter.problem("é".repeat(32_767) + "a")).isEmpty();
    assertThat(TopicFilter.problem("é".repeat(32_768))).contains("longer than 65535 bytes");
    assertThat(TopicFilter.problem("a".repeat(1 << 24))).contains("longer than 65535 bytes");

    String deep = "/".repeat(65_535);
    assertThat(TopicFilter.problem(deep)).isEmpty();
    assertThat(TopicFilter.of(deep).matches(deep)).isTrue();
    assertThat(TopicFilter.of("+/#").matches(deep)).isTrue();
    assertThat(TopicFilter.of("+/+").matches(deep)).isFalse();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      textBlock =
          """
          a/#,a/#
          $share/g/a/#,a/#
          $share/g//a,/a
          $share/g/$SYS/#,$SYS/#
          $shared/a,$shared/a
          """)
  @DisplayName("may be shared in a subscription by a group, whose name is no part of it")
  void shared(String subscription, String filter) {
    assertThat(TopicFilter.subscriptionProblem(subscription)).isEmpty();
    TopicFilter found = TopicFilter.ofSubscription(subscription);
    assertThat(found.covers(TopicFilter.of(filter))).isTrue();
    assertThat(TopicFilter.of(filter).covers(found)).isTrue();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      textBlock =
          """
          $share/,needs a group name
          $share/g,needs a group name
          $share//a,needs a group name
          $share/g+/a,needs a group name
          $share/#/a,needs a group name
          $share/g/,empty
          $share/g/a#,# is not alone in the last level
          """)
  @DisplayName("is not shared without a group and a filter")
  void wronglyShared(String subscription, String reason) {
    assertThat(TopicFilter.subscriptionProblem(subscription))
        .hasValueSatisfying(problem -> assertThat(problem).contains(reason));
    assertThatIllegalArgumentException().isThrownBy(() -> TopicFilter.ofSubscription(subscription));
  }
}
