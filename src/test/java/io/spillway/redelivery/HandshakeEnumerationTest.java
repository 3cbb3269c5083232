package io.spillway.redelivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.kit.Depth;
import io.spillway.redelivery.SimulatedBroker.Policy;
import io.spillway.redelivery.SimulatedHandshake.Mistake;
import io.spillway.redelivery.SimulatedHandshake.Step;
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

@DisplayName("The handshake of QoS 2, in every order of events")
class HandshakeEnumerationTest {
  private static final int DEPTH = 7;
  private static final int USUAL = Depth.of(DEPTH - 1, DEPTH);
  private static final int MESSAGES_MAX = 3;

  private static final List<Step> FRESH = List.of(Step.CONNECT, Step.COMMIT);

  /** On the disk; what was sent after that has got nowhere. The broker's saved state is older. */
  private static final List<Step> HELD =
      List.of(Step.CONNECT, Step.DELIVER_EQUAL, Step.READ, Step.COMMIT);

  /** Its release is on the wire. */
  private static final List<Step> RELEASING =
      List.of(Step.CONNECT, Step.DELIVER_EQUAL, Step.READ, Step.COMMIT, Step.PROCESS);

  /** Done with: the identifier is free. */
  private static final List<Step> RELEASED =
      List.of(
          Step.CONNECT,
          Step.DELIVER_EQUAL,
          Step.READ,
          Step.COMMIT,
          Step.PROCESS,
          Step.READ,
          Step.COMMIT,
          Step.PROCESS);

  private static final List<List<Step>> BEGINNINGS = List.of(FRESH, HELD, RELEASING, RELEASED);

  private static final Set<Step> ALL =
      EnumSet.complementOf(EnumSet.of(Step.DELIVER_AT_ONE, Step.PING));

  private static final Set<Step> WITHOUT_CRASH =
      EnumSet.complementOf(
          EnumSet.of(
              Step.DELIVER_AT_ONE,
              Step.PING,
              Step.BROKER_SAVES,
              Step.BROKER_CRASH,
              Step.SESSION_LOST));

  @ParameterizedTest
  @CsvSource({
    "RISING, RISES",
    "RISING, UNKNOWN",
    "LOWEST_FREE, REUSES",
    "RISING_UNDER_LOAD, REUSES",
    "ANEW_EACH_CONNECTION, REUSES"
  })
  @DisplayName("loses nothing, counts what it doubles, and goes on, whatever dies")
  void everyOrder(Policy policy, Habit habit, TestReporter report) {
    for (List<Step> before : BEGINNINGS) {
      Enumeration all = new Enumeration(policy, habit, Mistake.NONE, ALL, before);
      all.run(USUAL);
      report.publishEntry(policy + " after " + before.size(), all.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RISING, RISES",
    "RISING, UNKNOWN",
    "LOWEST_FREE, REUSES",
    "ANEW_EACH_CONNECTION, REUSES"
  })
  @DisplayName("doubles nothing on a broker that keeps its state, if one connection was heard")
  void exactlyOnce(Policy policy, Habit habit, TestReporter report) {
    for (List<Step> before : BEGINNINGS) {
      Enumeration all = new Enumeration(policy, habit, Mistake.NONE, WITHOUT_CRASH, before);
      all.run(USUAL);
      report.publishEntry(policy + " after " + before.size(), all.toString());
    }
  }

  @Test
  @DisplayName("is tested by an oracle that sees the loss where a release is not on the disk")
  void seesReleaseNotKept() {
    assertThatThrownBy(() -> enumerate(Policy.LOWEST_FREE, Mistake.RELEASE_NOT_KEPT, RELEASED))
        .hasMessageContaining("lost");
  }

  @Test
  @DisplayName(
      "is tested by an oracle that sees the loss where all that equals the held is left out")
  void seesOlderState() {
    assertThatThrownBy(() -> enumerate(Policy.LOWEST_FREE, Mistake.HELD_IS_KNOWN, HELD))
        .hasMessageContaining("lost");
  }

  @Test
  @DisplayName("is tested by an oracle that sees the duplicate where nothing is held")
  void seesNothingHeld() {
    assertThatThrownBy(() -> enumerate(Policy.LOWEST_FREE, Mistake.NOTHING_HELD, HELD))
        .hasMessageContaining("there was no doubt");
  }

  private static void enumerate(Policy policy, Mistake mistake, List<Step> before) {
    new Enumeration(policy, Habit.REUSES, mistake, ALL, before).run(DEPTH);
  }

  @ParameterizedTest
  @CsvSource({
    "RISING, RISES",
    "RISING,",
    "LOWEST_FREE,",
    "RISING_UNDER_LOAD,",
    "ANEW_EACH_CONNECTION,"
  })
  @DisplayName(
      "does so in long runs, among messages at QoS 1, and of a broker that it gets to know")
  void longRuns(Policy policy, Habit habit, TestReporter report) {
    long seed = Long.getLong("spillway.handshake.seed", System.nanoTime());
    report.publishEntry("seed", Long.toString(seed));
    Random random = new Random(seed);
    int messages = 0;
    int duplicates = 0;
    int counted = 0;
    for (int run = 0; run < 60; run++) {
      SimulatedHandshake edge = new SimulatedHandshake(policy, 3 + run % 20, habit, Mistake.NONE);
      try {
        walk(edge, random, run % 3 == 0 ? 0 : 20);
        edge.finish();
      } catch (AssertionError wrong) {
        throw new AssertionError(
            "seed " + seed + ", run " + run + ": " + wrong.getMessage(), wrong);
      }
      messages += edge.published();
      duplicates += edge.duplicates();
      counted += edge.counted();
    }
    report.publishEntry(
        policy.toString(),
        "%d messages, %d doubled, %d counted as possible".formatted(messages, duplicates, counted));
    assertThat(messages).isGreaterThan(1_000);
  }

  private static final Set<Step> FAULTS =
      EnumSet.of(Step.COMMIT_AND_DIE, Step.CUT, Step.KILL, Step.BROKER_CRASH, Step.SESSION_LOST);

  /**
   * @param crashes of a thousand times the broker could crash or forget, how often it does
   */
  private static void walk(SimulatedHandshake edge, Random random, int crashes) {
    Step[] steps = Step.values();
    for (int i = 0; i < 3_000; i++) {
      Step step = steps[random.nextInt(steps.length)];
      boolean ofBroker = step == Step.BROKER_CRASH || step == Step.SESSION_LOST;
      int chance = ofBroker ? crashes : FAULTS.contains(step) ? 100 : 1_000;
      if (edge.can(step) && random.nextInt(1_000) < chance) {
        edge.run(step);
      }
    }
  }

  /** All orders of some steps, up to a depth; what has been seen is not gone through again. */
  private static final class Enumeration {
    private final Policy policy;
    private final Habit habit;
    private final Mistake mistake;
    private final Set<Step> steps;
    private final List<Step> before;
    private final Map<Long, Integer> seen = new HashMap<>();
    private final List<Step> path = new ArrayList<>();
    private int mostDuplicates;
    private long doubled;
    private long ran;

    Enumeration(Policy policy, Habit habit, Mistake mistake, Set<Step> steps, List<Step> before) {
      this.policy = policy;
      this.habit = habit;
      this.mistake = mistake;
      this.steps = steps;
      this.before = before;
    }

    void run(int depth) {
      SimulatedHandshake edge = new SimulatedHandshake(policy, 4, habit, mistake);
      List<Step> next = new ArrayList<>();
      try {
        before.forEach(edge::run);
        path.forEach(edge::run);
        ran++;
        if (!isNews(edge, depth)) {
          return;
        }
        boolean enough = edge.published() >= MESSAGES_MAX;
        steps.stream()
            .filter(step -> edge.can(step) && !(enough && step.name().startsWith("DELIVER")))
            .forEach(next::add);
        edge.finish();
      } catch (AssertionError wrong) {
        throw new AssertionError(wrong.getMessage() + " after " + before + path, wrong);
      }
      mostDuplicates = Math.max(mostDuplicates, edge.duplicates());
      doubled += edge.duplicates() > 0 ? 1 : 0;
      for (Step step : depth == 0 ? List.<Step>of() : next) {
        path.add(step);
        run(depth - 1);
        path.remove(path.size() - 1);
      }
    }

    private boolean isNews(SimulatedHandshake edge, int depth) {
      long key = edge.key();
      boolean news = seen.getOrDefault(key, -1) < depth;
      if (news) {
        seen.put(key, depth);
      }
      return news;
    }

    @Override
    public String toString() {
      return "%,d orders, %,d of them double something, at most %d times"
          .formatted(ran, doubled, mostDuplicates);
    }
  }
}
