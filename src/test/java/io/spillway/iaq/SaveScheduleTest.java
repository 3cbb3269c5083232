package io.spillway.iaq;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The schedule of saving")
class SaveScheduleTest {
  private final SaveSchedule schedule = new SaveSchedule(Duration.ofMillis(500));

  @Test
  @DisplayName("saves when there is something new, whatever the clock counts from")
  void first() {
    assertThat(schedule.isDue(0, -1_000)).isFalse();
    assertThat(schedule.isDue(1, -1_000)).isTrue();
    schedule.saved(1);
    assertThat(schedule.isDue(1, 0)).isFalse();
    assertThat(schedule.isDue(2, 0)).isTrue();
  }

  @Test
  @DisplayName("rests after it, also if it failed, and longer the longer it took")
  void rests() {
    schedule.ended(0, 10);
    assertThat(schedule.isDue(1, 509)).isFalse();
    assertThat(schedule.isDue(1, 510)).isTrue();

    schedule.ended(1_000, 1_100);
    assertThat(schedule.isDue(1, 3_099)).isFalse();
    assertThat(schedule.isDue(1, 3_100)).isTrue();
  }
}
