package io.spillway.redelivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("How a broker gives identifiers")
class HabitLearnerTest {
  private final HabitLearner learner = new HabitLearner();

  @Test
  @DisplayName("is not known from identifiers that rise while messages are under way")
  void underWay() {
    learner.connected(true, true, false);
    for (int id = 1; id < 1_000; id++) {
      learner.read(id, false, false);
    }
    assertThat(learner.habit()).isEqualTo(Habit.UNKNOWN);
  }

  @Test
  @DisplayName("is rising when it went on twice over a connection that had nothing under way")
  void rises() {
    learner.connected(true, true, false);
    learner.read(1, false, true);
    learner.connected(false, true, false);
    learner.read(2, false, true);
    assertThat(learner.habit()).isEqualTo(Habit.UNKNOWN);
    learner.connected(false, true, false);
    learner.read(3, false, true);
    assertThat(learner.habit()).isEqualTo(Habit.RISES);
  }

  @Test
  @DisplayName("is reusing as soon as one identifier does not rise, for good")
  void reuses() {
    rises();
    learner.read(3, false, true);
    assertThat(learner.habit()).isEqualTo(Habit.REUSES);
    learner.connected(false, true, false);
    learner.read(4, false, true);
    learner.connected(false, true, false);
    learner.read(5, false, true);
    assertThat(learner.habit()).isEqualTo(Habit.REUSES);
  }

  @Test
  @DisplayName("is reusing where each connection begins anew")
  void anew() {
    learner.connected(true, true, false);
    learner.read(1, false, true);
    learner.read(2, false, true);
    learner.connected(false, true, false);
    learner.read(1, false, true);
    assertThat(learner.habit()).isEqualTo(Habit.REUSES);
  }

  @Test
  @DisplayName("is still rising behind 65,535, and in a broker of a known make after a crash")
  void turnsOver() {
    learner.connected(true, true, true);
    learner.read(65_535, false, false);
    learner.read(1, false, false);
    learner.connected(false, false, true);
    learner.read(65_000, false, false);
    assertThat(learner.habit()).isEqualTo(Habit.UNKNOWN); // nothing to the contrary
    learner.read(64_999, false, false);
    assertThat(learner.habit()).isEqualTo(Habit.REUSES);
  }
}
