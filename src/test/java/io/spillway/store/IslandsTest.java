package io.spillway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is stored above a mark")
class IslandsTest {
  private final Islands islands = new Islands();

  @Test
  @DisplayName("is the same numbers, in whatever order they are found")
  void anyOrder() {
    Random random = new Random(7);
    TreeSet<Long> model = new TreeSet<>();
    for (int i = 0; i < 2_000; i++) {
      long seq = 2L + random.nextInt(900);
      islands.add(seq);
      model.add(seq);
      if (i % 50 == 0) {
        assertThat(numbers()).isEqualTo(List.copyOf(model));
      }
    }
    long mark = model.first();
    long reached = islands.reached(mark);
    while (model.remove(mark)) {
      mark++;
    }
    assertThat(reached).isEqualTo(mark);
    assertThat(islands.first()).isEqualTo(model.isEmpty() ? Long.MAX_VALUE : model.first());
  }

  @Test
  @DisplayName("is taken up by a mark that comes to it, or lands in it")
  void reached() {
    for (long seq : new long[] {5, 6, 9}) {
      islands.add(seq);
    }
    assertThat(islands.reached(4)).isEqualTo(4);
    assertThat(islands.reached(6)).isEqualTo(7);
    assertThat(islands.toList()).containsExactly(9L, 10L);
    assertThat(islands.reached(20)).isEqualTo(20);
    assertThat(islands.isEmpty()).isTrue();
  }

  @Test
  @DisplayName("is written down and read, and refused if it cannot be true")
  void text() {
    islands.add(5);
    islands.add(9);
    assertThat(Islands.of(islands.toList()).toList()).isEqualTo(islands.toList());
    for (List<Long> wrong : List.of(List.of(5L), List.of(5L, 5L), List.of(5L, 7L, 6L, 9L))) {
      assertThatThrownBy(() -> Islands.of(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  @DisplayName("is not what one damaged digit says: it stands between no lower and higher number")
  void digit() {
    for (long seq : new long[] {1, 2, 93, 4, 5, 6, 86}) { // 3 and 7 were meant, or 8
      islands.found(seq, seq <= 2 ? seq : 3);
    }
    assertThat(islands.toList()).containsExactly(4L, 7L);
  }

  @Test
  @DisplayName("is also what was fetched again behind it")
  void fetchedAgain() {
    EdgeMark mark = new EdgeMark(1);
    for (long seq : new long[] {1, 3, 7, 8, 2, 4, 5, 6, 9}) {
      mark.found(seq);
    }
    assertThat(mark.durable()).isEqualTo(10);
    assertThat(mark.beyond().isEmpty()).isTrue();
  }

  @Test
  @DisplayName("is bounded: beyond that it would be stored again, which loses nothing")
  void bounded() {
    for (long seq = 2; seq <= 2 * Islands.MOST + 10; seq += 2) {
      islands.add(seq);
    }
    assertThat(islands.toList()).hasSize(2 * Islands.MOST);
    assertThat(islands.first()).isEqualTo(2);
  }

  private List<Long> numbers() {
    List<Long> bounds = islands.toList();
    TreeSet<Long> all = new TreeSet<>();
    for (int i = 0; i < bounds.size(); i += 2) {
      for (long seq = bounds.get(i); seq < bounds.get(i + 1); seq++) {
        all.add(seq);
      }
    }
    return List.copyOf(all);
  }
}
