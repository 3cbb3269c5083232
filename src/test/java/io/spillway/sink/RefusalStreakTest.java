package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Records that are refused one after the other")
class RefusalStreakTest {
  private final RefusalStreak streak = new RefusalStreak();
  private long nowMs = 5_000;

  @Test
  @DisplayName("are told of when they are a hundred, with count and reason, until one is taken")
  void many() {
    refuse(99, 1);
    assertThat(fault()).isEqualTo(Fault.NONE);
    refuse(1_001, 1);
    assertThat(fault().words()).contains("h:1/d", "last 1,100 records", "too hot");
    assertThat(fault().kind()).isEqualTo(FaultKind.SET_ASIDE);
    streak.written(false); // the step over the last of them
    assertThat(fault().isEmpty()).isFalse();

    streak.written(true);
    assertThat(fault()).isEqualTo(Fault.NONE);
    refuse(99, 1);
    assertThat(fault()).isEqualTo(Fault.NONE);
  }

  @Test
  @DisplayName("are told of when they are few, but all of a minute")
  void few() {
    refuse(1, 0);
    nowMs += 3_600_000;
    assertThat(fault()).as("one alone").isEqualTo(Fault.NONE);
    streak.written(true);
    refuse(3, 29_999);
    assertThat(fault()).isEqualTo(Fault.NONE);
    refuse(1, 0);
    assertThat(fault().words()).contains("last 4 records");
  }

  private Fault fault() {
    return streak.fault("h:1/d");
  }

  private void refuse(int count, long apartMs) {
    for (int i = 0; i < count; i++) {
      streak.refused("too hot", nowMs);
      nowMs += apartMs;
    }
  }
}
