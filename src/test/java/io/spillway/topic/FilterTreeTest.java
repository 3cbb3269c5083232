package io.spillway.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The tree of topic filters")
class FilterTreeTest {
  @ParameterizedTest(name = "{0} and {1}: {2}")
  @DisplayName("matches as MQTT 3.1.1 section 4.7 says")
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          sport/tennis/player1/#, sport/tennis/player1, true
          sport/tennis/player1/#, sport/tennis/player1/ranking, true
          sport/tennis/player1/#, sport/tennis/player1/score/wimbledon, true
          sport/tennis/player1/#, sport/tennis/player2, false
          sport/#, sport, true
          #, sport, true
          #, /, true
          sport/tennis/+, sport/tennis/player1, true
          sport/tennis/+, sport/tennis/player1/ranking, false
          sport/+, sport, false
          sport/+, sport/, true
          +/+, /finance, true
          /+, /finance, true
          +, /finance, false
          +/tennis/#, sport/tennis/a/b, true
          sport/+/player1, sport/tennis/player1, true
          #, $SYS/broker, false
          +/monitor/Clients, $SYS/monitor/Clients, false
          $SYS/#, $SYS/broker, true
          $SYS/monitor/+, $SYS/monitor/Clients, true
          a/b, a/b, true
          a/b, a/B, false
          a, a/, false
          a/, a/, true
          """)
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
        FilterTree<String> alone = new FilterTree<>();
        alone.add(filter, filter);
        expected.addAll(found(alone, topic));
      }
      assertThat(found(all, topic))
          .as("topic %s, seed %d", topic, seed)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
    filters.forEach(filter -> all.remove(filter, filter));
    assertThat(all.isEmpty()).isTrue();
    assertThat(found(all, "a/b")).isEmpty();
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
