package io.spillway.server.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.spillway.topic.TopicCases;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Topic rules")
class TopicRulesTest {
  static Stream<Arguments> covering() {
    return TopicCases.of("covers")
        .map(each -> arguments(each.getString(0), each.getString(1), each.getBoolean(2)));
  }

  @ParameterizedTest(name = "{0} covers {1}: {2}")
  @MethodSource("covering")
  @CsvSource(
      textBlock =
          """
          chat/#,$share/readers/chat/room,true
          chat/#,$share/readers/other,false
          chat/#,$share/readers/#,false
          chat/#,$share/chat/#,false
          #,$share/a+b/x,false
          #,$share//x,false
          #,$share/g,false
          #,$share/g/,false
          #,$share/g/$share/h/x,false
          #,$share/g/$SYS/x,false
          """)
  @DisplayName("allow a filter when one of them matches every topic that it matches")
  void covers(String rule, String filter, boolean covered) {
    assertThat(TopicRules.of(List.of("some/other", rule)).allowFilter(filter)).isEqualTo(covered);
  }

  @Test
  @DisplayName("take the name of a topic as it is: nothing is looked through")
  void topics() {
    TopicRules rules = TopicRules.of(List.of("chat/#", "test/phone"));

    assertThat(rules.allowTopic("chat/ann")).isTrue();
    assertThat(rules.allowTopic("chat")).isTrue();
    assertThat(rules.allowTopic("test/phone")).isTrue();
    assertThat(rules.allowTopic("test/phone/x")).isFalse();
    assertThat(rules.allowTopic("pws-packet/a")).isFalse();
    assertThat(rules.allowTopic("$share/g/chat/ann")).isFalse();
  }

  @Test
  @DisplayName("allow nothing when there are none, and everything when they are null")
  void noneAndAny() {
    assertThat(TopicRules.of(List.of()).allowTopic("a")).isFalse();
    assertThat(TopicRules.of(List.of()).allowFilter("a")).isFalse();
    assertThat(TopicRules.of(null).allowTopic("$SYS/a")).isTrue();
    assertThat(TopicRules.of(null).allowFilter("$SYS/#")).isTrue();
    assertThat(TopicRules.of(null).allowAll()).isTrue();
  }

  @RepeatedTest(20)
  @DisplayName("never allow a filter that matches a topic which they do not allow")
  void random(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    for (int i = 0; i < 2_000; i++) {
      TopicRules rules = TopicRules.of(List.of(filter(random)));
      String filter = filter(random);
      TopicRules asRule = TopicRules.of(List.of(filter));
      for (String topic : TOPICS) {
        if (rules.allowFilter(filter) && asRule.allowTopic(topic)) {
          assertThat(rules.allowTopic(topic)).as("%s by %s", topic, filter).isTrue();
        }
      }
    }
  }

  private static final List<String> TOPICS = topicsOf(List.of("a", "b", "", "$x"));

  private static List<String> topicsOf(List<String> words) {
    List<String> topics = new ArrayList<>(words);
    for (String first : words) {
      for (String second : words) {
        topics.add(first + "/" + second);
        words.forEach(third -> topics.add(first + "/" + second + "/" + third));
      }
    }
    topics.remove("");
    return topics;
  }

  private static String filter(Random random) {
    List<String> words = List.of("a", "b", "", "$x", "+", "+");
    StringBuilder filter = new StringBuilder();
    int levels = 1 + random.nextInt(3);
    for (int i = 0; i < levels; i++) {
      boolean last = i == levels - 1;
      String word = words.get(random.nextInt(words.size()));
      filter.append(last && random.nextInt(3) == 0 ? "#" : word).append(last ? "" : "/");
    }
    return filter.isEmpty() ? "a" : filter.toString();
  }
}
