package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import io.spillway.redelivery.HabitLearner;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A broker's packet identifiers, as doctor has seen them,")
class IdentifierProbeTest {
  @Test
  @DisplayName("rise where they go on from one connection to the next")
  void rising() {
    HopFinding found = seen(List.of(1, 2), List.of(3, 4), List.of(5, 6));
    assertThat(found)
        .isEqualTo(HopFinding.ok("ids", "rising: 1, 2, 3, 4, 5, 6 over 3 connections"));
  }

  @Test
  @DisplayName("are reused where they begin anew, or the lowest free one is taken")
  void reused() {
    assertThat(seen(List.of(1, 2), List.of(1, 2), List.of(1, 2)).result()).isEqualTo(Result.NOTICE);
    HopFinding lowest = seen(List.of(1, 1), List.of(1, 1), List.of(1, 1));
    assertThat(lowest.words()).startsWith("reused: 1, 1");
    assertThat(lowest.cure()).contains("possible_duplicates");
  }

  @Test
  @DisplayName("are not known where they rise with gaps: others may have come between")
  void gaps() {
    assertThat(seen(List.of(1, 2), List.of(9, 10), List.of(20, 21)).result())
        .isEqualTo(Result.SKIPPED);
  }

  @SafeVarargs
  private static HopFinding seen(List<Integer>... connections) {
    HabitLearner learner = new HabitLearner();
    List<Integer> all = new ArrayList<>();
    for (List<Integer> connection : connections) {
      learner.connected(all.isEmpty(), !all.isEmpty(), false);
      for (int identifier : connection) {
        learner.read(identifier, false, true);
        all.add(identifier);
      }
    }
    return IdentifierProbe.judge("ids", learner, all);
  }
}
