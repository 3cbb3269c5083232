package io.spillway.redelivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.kit.Depth;
import io.spillway.redelivery.SimulatedBroker.Policy;
import io.spillway.redelivery.SimulatedEdge.Mutation;
import io.spillway.redelivery.SimulatedEdge.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The memory of a session, in every order of events")
class RedeliveryEnumerationTest {
  private static final int DEPTH = 8;
  private static final int USUAL = Depth.of(DEPTH - 1, DEPTH);
  private static final int MESSAGES_MAX = 4;

  /** Messages of before: the first is stored and released, with all that belongs to it. */
  private static final List<Step> FRESH = List.of(Step.CONNECT);

  private static final List<Step> ONE_STORED =
      List.of(
          Step.CONNECT,
          Step.PUBLISH_EQUAL,
          Step.DELIVER,
          Step.READ,
          Step.COMMIT,
          Step.ACKNOWLEDGE,
          Step.PROCESS);

  private static final Set<Step> LEGAL = EnumSet.complementOf(EnumSet.of(Step.SESSION_LOST));

  private static final Set<Step> ALL = EnumSet.allOf(Step.class);

  private static final Set<Step> WITHOUT_CRASH =
      EnumSet.complementOf(
          EnumSet.of(Step.SESSION_LOST, Step.BROKER_SAVES, Step.BROKER_CRASH, Step.CONNECT));

  @ParameterizedTest
  @EnumSource
  @DisplayName("loses nothing, and counts what it doubles, whatever the broker does")
  void everyOrder(Policy policy, TestReporter report) {
    for (List<Step> before : List.of(FRESH, ONE_STORED)) {
      Enumeration all = new Enumeration(policy, 3, false, Mutation.NONE, LEGAL, before);
      all.run(USUAL);
      new Enumeration(policy, 3, false, Mutation.NONE, ALL, before).run(DEPTH - 3);
      report.publishEntry(policy + " after " + before.size(), all.toString());
    }
  }

  @Test
  @DisplayName("loses nothing on a broker that is known to count up, with all its crashes")
  void knownMake(TestReporter report) {
    for (List<Step> before : List.of(FRESH, ONE_STORED)) {
      Enumeration all = new Enumeration(Policy.RISING, 3, true, Mutation.NONE, LEGAL, before);
      all.run(USUAL);
      report.publishEntry("known make after " + before.size(), all.toString());
    }
  }

  @Test
  @DisplayName("knows that a session may begin on a connection of which nothing was committed")
  void sessionOfAKilledEdge() {
    SimulatedEdge edge = new SimulatedEdge(Policy.RISING, 9, true, Mutation.NONE);
    ONE_STORED.forEach(edge::run);
    List.of(
            Step.SESSION_LOST,
            Step.CONNECT_PROVEN,
            Step.PUBLISH_EQUAL,
            Step.DELIVER,
            Step.KILL_EDGE,
            Step.CONNECT_PROVEN,
            Step.READ,
            Step.COMMIT)
        .forEach(edge::run);
    assertThat(edge.duplicates()).isZero();
    assertThat(edge.counted()).isEqualTo(1);
  }

  @Test
  @DisplayName("doubles nothing on a broker that counts up and does not crash")
  void nothingDoubled(TestReporter report) {
    for (List<Step> before : List.of(FRESH, ONE_STORED)) {
      Enumeration all =
          new Enumeration(Policy.RISING, 4, true, Mutation.NONE, WITHOUT_CRASH, before);
      all.run(USUAL);
      report.publishEntry("no crash after " + before.size(), all.toString());
      assertThat(all.mostDuplicates).isZero();
    }
  }

  @Test
  @DisplayName("doubles nothing where the broker is not heard on one connection, and then is")
  void unheardInBetween() {
    SimulatedEdge edge = new SimulatedEdge(Policy.RISING, 9, true, Mutation.NONE);
    ONE_STORED.forEach(edge::run);
    List.of(
            Step.PUBLISH_EQUAL,
            Step.DELIVER,
            Step.READ,
            Step.COMMIT,
            Step.CUT,
            Step.CONNECT,
            Step.CUT,
            Step.CONNECT_PROVEN,
            Step.READ,
            Step.COMMIT)
        .forEach(edge::run);
    assertThat(edge.duplicates()).isZero();
    assertThat(edge.counted()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"LOWEST_FREE", "RISING_UNDER_LOAD", "ANEW_EACH_CONNECTION", "FRESH_WHEN_SENT_AGAIN"})
  @DisplayName("is tested by an oracle that sees the loss where every equal copy is left out")
  void seesEqualCopiesLeftOut(Policy policy) {
    Mutation wrong = new Mutation(false, false, false);
    assertThatThrownBy(() -> new Enumeration(policy, 3, false, wrong, LEGAL, ONE_STORED).run(DEPTH))
        .hasMessageContaining("lost");
  }

  @ParameterizedTest
  @CsvSource({"LOWEST_FREE", "RISING_UNDER_LOAD", "ANEW_EACH_CONNECTION", "FRESH_WHEN_SENT_AGAIN"})
  @DisplayName("is tested by an oracle that sees the loss where every broker is thought to rise")
  void seesWrongHabit(Policy policy) {
    Mutation wrong = new Mutation(true, true, false);
    List<Step> before = policy == Policy.ANEW_EACH_CONNECTION ? SENT_AGAIN : ONE_STORED;
    assertThatThrownBy(() -> new Enumeration(policy, 3, false, wrong, LEGAL, before).run(DEPTH))
        .hasMessageContaining("lost");
  }

  /** The first was stored, and sent again on the next connection, and that was released. */
  private static final List<Step> SENT_AGAIN =
      List.of(
          Step.CONNECT,
          Step.PUBLISH_EQUAL,
          Step.DELIVER,
          Step.READ,
          Step.COMMIT,
          Step.KILL_EDGE,
          Step.CONNECT,
          Step.READ,
          Step.COMMIT,
          Step.ACKNOWLEDGE,
          Step.PROCESS);

  @Test
  @DisplayName("is tested by an oracle that sees the loss where a copy is acknowledged, too")
  void seesSecondAcknowledgement() {
    Mutation wrong = new Mutation(true, false, true);
    List<Step> before =
        List.of(
            Step.CONNECT,
            Step.PUBLISH_EQUAL,
            Step.DELIVER,
            Step.REPEAT,
            Step.READ,
            Step.COMMIT,
            Step.ACKNOWLEDGE);
    assertThatThrownBy(
            () -> new Enumeration(Policy.LOWEST_FREE, 3, false, wrong, LEGAL, before).run(DEPTH))
        .hasMessageContaining("released, and lost");
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "loses nothing in long runs, with sessions that are lost, and counts what it doubles")
  void longRuns(Policy policy, TestReporter report) {
    long seed = Long.getLong("spillway.redelivery.seed", System.nanoTime());
    report.publishEntry("seed", Long.toString(seed));
    Random random = new Random(seed);
    int messages = 0;
    int duplicates = 0;
    int counted = 0;
    for (int run = 0; run < 60; run++) {
      boolean known = policy == Policy.RISING_INTO_USED; // Mosquitto
      boolean named = known || (policy == Policy.RISING && run % 2 == 0);
      SimulatedEdge edge = new SimulatedEdge(policy, 3 + run % 20, named, Mutation.NONE);
      try {
        walk(edge, random);
      } catch (AssertionError wrong) {
        throw new AssertionError("seed " + seed + ", run " + run + ": " + wrong.getMessage());
      }
      messages += edge.published();
      duplicates += edge.duplicates();
      counted += edge.counted();
    }
    report.publishEntry(
        policy.toString(),
        "%d messages, %d doubled, %d counted as possible".formatted(messages, duplicates, counted));
    if (policy != Policy.RISING_INTO_USED) {
      assertThat(counted).isGreaterThanOrEqualTo(duplicates);
    }
  }

  private static void walk(SimulatedEdge edge, Random random) {
    Step[] steps = Step.values();
    for (int i = 0; i < 3_000; i++) {
      Step step = steps[random.nextInt(steps.length)];
      boolean fault =
          step == Step.CUT
              || step == Step.KILL_EDGE
              || step == Step.BROKER_CRASH
              || step == Step.SESSION_LOST;
      if (edge.can(step) && (!fault || random.nextInt(10) == 0)) {
        edge.run(step);
      }
    }
  }

  /** All orders of some steps, up to a depth; what has been seen is not gone through again. */
  private static final class Enumeration {
    private final Policy policy;
    private final int identifiers;
    private final boolean named;
    private final Mutation mutation;
    private final Set<Step> steps;
    private final List<Step> before;
    private final Map<Long, Integer> seen = new HashMap<>();
    private final List<Step> path = new ArrayList<>();
    private int mostDuplicates;
    private long doubled;
    private long ran;

    Enumeration(
        Policy policy,
        int identifiers,
        boolean named,
        Mutation mutation,
        Set<Step> steps,
        List<Step> before) {
      this.policy = policy;
      this.identifiers = identifiers;
      this.named = named;
      this.mutation = mutation;
      this.steps = steps;
      this.before = before;
    }

    void run(int depth) {
      SimulatedEdge edge = replay();
      mostDuplicates = Math.max(mostDuplicates, edge.duplicates());
      doubled += edge.duplicates() > 0 ? 1 : 0;
      ran++;
      if (depth == 0 || !isNews(edge, depth)) {
        return;
      }
      for (Step step : steps) {
        boolean publishes = step == Step.PUBLISH_EQUAL || step == Step.PUBLISH_OTHER;
        if (edge.can(step) && !(publishes && edge.published() >= MESSAGES_MAX)) {
          path.add(step);
          run(depth - 1);
          path.remove(path.size() - 1);
        }
      }
    }

    private boolean isNews(SimulatedEdge edge, int depth) {
      String key = edge.key();
      long hash = key.hashCode() * 31L + new StringBuilder(key).reverse().toString().hashCode();
      Integer deeper = seen.get(hash);
      if (deeper != null && deeper >= depth) {
        return false;
      }
      seen.put(hash, depth);
      return true;
    }

    private SimulatedEdge replay() {
      SimulatedEdge edge = new SimulatedEdge(policy, identifiers, named, mutation);
      try {
        before.forEach(edge::run);
        path.forEach(edge::run);
      } catch (AssertionError wrong) {
        throw new AssertionError(wrong.getMessage() + " after " + before + path, wrong);
      }
      return edge;
    }

    @Override
    public String toString() {
      return "%,d orders, %,d of them double something, at most %d times"
          .formatted(ran, doubled, mostDuplicates);
    }
  }
}
