package io.spillway.server.part;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The budget of what is read for clients")
class ReadBudgetTest {
  private static final int READERS_MAX = 5;

  private final ReadBudget budget = new ReadBudget(100, READERS_MAX);
  private final List<String> begun = new ArrayList<>();

  private ReadBudget.Share enter(String name, long bytes) {
    return budget.enter(bytes, share -> begun.add(name));
  }

  @Test
  @DisplayName("lets in as many as there is room for, and the others in their order")
  void room() {
    ReadBudget.Share a = enter("a", 60);
    ReadBudget.Share b = enter("b", 60);
    enter("c", 30);
    assertThat(begun).containsExactly("a");
    assertThat(b.isWaiting()).isTrue();
    assertThat(budget.waiting()).isEqualTo(2);

    a.leave();
    assertThat(begun).containsExactly("a", "b", "c");
    assertThat(budget.held()).isEqualTo(90);
  }

  @Test
  @DisplayName("has room again as an answer is taken")
  void taken() {
    ReadBudget.Share a = enter("a", 90);
    enter("b", 50);
    a.keep(51);
    a.keep(80); // it is what it may need, and never becomes more
    assertThat(begun).containsExactly("a");
    a.keep(50);
    assertThat(begun).containsExactly("a", "b");
    assertThat(budget.held()).isEqualTo(100);
  }

  @Test
  @DisplayName("lets one in that needs more than there is, if nothing else is searched for")
  void one() {
    ReadBudget.Share a = enter("a", 1_000);
    enter("b", 1);
    assertThat(begun).containsExactly("a");
    a.leave();
    assertThat(begun).containsExactly("a", "b");
  }

  @Test
  @DisplayName("lets one in that needs more than there is beside answers that are not taken")
  void besideSlowOnes() {
    ReadBudget.Share a = enter("a", 1_000);
    a.keep(40);
    ReadBudget.Share b = enter("b", 1_000);
    b.keep(40);
    enter("c", 1_000);
    assertThat(begun).containsExactly("a", "b");
    a.keep(10);
    assertThat(begun).containsExactly("a", "b", "c");
  }

  @Test
  @DisplayName("forgets who goes before there was room")
  void gone() {
    enter("a", 100);
    ReadBudget.Share b = enter("b", 100);
    enter("c", 0);
    b.leave();
    b.leave();
    assertThat(begun).containsExactly("a", "c");
    assertThat(b.isWaiting()).isFalse();
  }

  @Test
  @DisplayName("refuses more than may read or wait at once")
  void many() {
    ReadBudget.Share a = enter("a", 100);
    for (int i = 1; i < READERS_MAX; i++) {
      assertThat(enter("more", 100)).isNotNull();
    }
    assertThat(enter("one too many", 0)).isNull();
    a.leave();
    assertThat(enter("the next", 100)).isNotNull();
  }

  static IntStream seeds() {
    return IntStream.range(0, 500);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  @DisplayName("holds no more than it may, keeps nobody waiting in vain, and is empty in the end")
  void random(int seed) {
    Random random = new Random(seed);
    List<ReadBudget.Share> shares = new ArrayList<>();
    for (int step = 0; step < 200; step++) {
      int what = random.nextInt(4);
      if (what == 0) {
        int bytes = random.nextInt(150);
        // Some are done at once, and let others in while they are let in themselves.
        boolean atOnce = random.nextInt(4) == 0;
        ReadBudget.Share share =
            budget.enter(
                bytes,
                its -> {
                  if (atOnce) {
                    its.leave();
                  }
                });
        if (share != null) {
          shares.add(share);
        }
      } else if (!shares.isEmpty()) {
        ReadBudget.Share share = shares.get(random.nextInt(shares.size()));
        if (what == 1) {
          share.leave();
        } else {
          share.keep(random.nextInt(150));
        }
      }
      assertThat(budget.held()).isBetween(0L, 50L + 150);
      long waiting = shares.stream().filter(ReadBudget.Share::isWaiting).count();
      assertThat(budget.waiting()).isEqualTo((int) waiting);
      assertThat(waiting).as("somebody reads while others wait").isLessThan(READERS_MAX);
    }
    shares.forEach(ReadBudget.Share::leave);
    assertThat(budget.held()).isZero();
    assertThat(budget.waiting()).isZero();
  }
}
