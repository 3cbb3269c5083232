package io.spillway.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The tree of topic filters")
class FilterTreeTest {
  static Stream<Arguments> matching() {
    return TopicCases.pairs("matches");
  }

  @ParameterizedTest(name = "{0} and {1}: {2}")
  @MethodSource("matching")
  @DisplayName("matches as MQTT 3.1.1 section 4.7 says")
  void matches(String filter, String topic, boolean expected) {
    FilterTree<String> tree = new FilterTree<>();
    tree.add(filter, "x");
    assertThat(found(tree, topic)).isEqualTo(expected ? List.of("x") : List.of());
  }

  @Test
  @DisplayName("finds the same as looking at each filter, and nothing once all are taken out")
  void sameAsOneByOne() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> filters = new ArrayList<>();
    FilterTree<String> all = new FilterTree<>();
    for (int i = 0; i < 300; i++) {
      String filter = filter(random);
      filters.add(filter);
      all.add(filter, filter);
    }
    for (int i = 0; i < 2_000; i++) {
      String topic = filter(random).replace('+', 'a').replace('#', 'b');
      List<String> expected = new ArrayList<>();
      for (String filter : filters) {
        if (TopicFilter.of(filter).matches(topic)) {
          expected.add(filter);
        }
      }
      assertThat(found(all, topic))
          .as("topic %s, seed %d", topic, seed)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
    filters.forEach(filter -> all.remove(filter, filter));
    assertThat(all.isEmpty()).isTrue();
    assertThat(found(all, "a/b")).isEmpty();
  }

  @Test
  @DisplayName("looks at each filter once, however a stranger writes filters and topics")
  void hostile() {
    FilterTree<String> tree = new FilterTree<>();
    String wild = "+/".repeat(511) + "+";
    tree.add(wild, "wild");
    assertThat(found(tree, wild)).containsExactly("wild");

    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      StringBuilder filter = new StringBuilder("a");
      random.ints(500, 0, 2).forEach(level -> filter.append(level == 0 ? "/a" : "/+"));
      tree.add(filter.toString(), "some");
    }
    assertThat(found(tree, "a" + "/a".repeat(500))).hasSize(200);

    String deep = "/".repeat(65_535);
    tree.add(deep, "deep");
    assertThat(found(tree, deep)).containsExactly("deep");
    assertThat(found(tree, deep + "/")).isEmpty();
    tree.remove(deep, "deep");
    assertThat(found(tree, deep)).isEmpty();
  }

  @Test
  @DisplayName("finds what is under an exact level before what is under a wildcard")
  void order() {
    FilterTree<String> tree = new FilterTree<>();
    for (String filter : List.of("+/b", "+/#", "a/+", "a/#", "#", "a/b", "a/b/#")) {
      tree.add(filter, filter);
    }
    assertThat(found(tree, "a/b")).containsExactly("#", "a/#", "a/b/#", "a/b", "a/+", "+/#", "+/b");
  }

  private static String filter(Random random) {
    StringBuilder filter = new StringBuilder();
    int levels = 1 + random.nextInt(4);
    for (int level = 0; level < levels; level++) {
      filter.append(level == 0 ? "" : "/").append("abc+".charAt(random.nextInt(4)));
    }
    return random.nextInt(4) == 0 ? filter.append("/#").toString() : filter.toString();
  }

  private static List<String> found(FilterTree<String> tree, String topic) {
    List<String> found = new ArrayList<>();
    tree.match(topic, found::add);
    return found;
  }
}
