package io.spillway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The clock of retention")
class RetentionClockTest {
  private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");
  private static final Duration JUMP = Duration.ofDays(40);

  private final RetentionClock clock = new RetentionClock(START, START, 0);

  @Test
  @DisplayName("is the wall clock while that goes as time does")
  void steady() {
    for (int minute = 0; minute < 5_000; minute++) {
      assertThat(at(minute, Duration.ZERO)).isEqualTo(START.plus(Duration.ofMinutes(minute)));
    }
  }

  @Test
  @DisplayName("does not follow a jump ahead of a minute, and is right again after it")
  void minute() {
    assertThat(at(1, Duration.ZERO)).isEqualTo(START.plusSeconds(60));
    assertThat(at(2, JUMP)).isEqualTo(START.plusSeconds(120));
    assertThat(at(3, JUMP)).isEqualTo(START.plusSeconds(180));
    assertThat(at(4, Duration.ZERO)).isEqualTo(START.plusSeconds(240));
  }

  @Test
  @DisplayName("believes a jump that has lasted for a day")
  void lasting() {
    Duration day = RetentionClock.BELIEVED_AFTER;
    assertThat(at(1, JUMP)).isEqualTo(START.plusSeconds(60));
    assertThat(at(day.toMinutes(), JUMP)).isEqualTo(START.plus(day));
    assertThat(at(day.toMinutes() + 1, JUMP)).isEqualTo(START.plus(day).plus(JUMP).plusSeconds(60));
    assertThat(at(day.toMinutes() + 2, JUMP))
        .isEqualTo(START.plus(day).plus(JUMP).plusSeconds(120));
  }

  @Test
  @DisplayName("follows the wall clock back: then all is younger, and stays")
  void back() {
    assertThat(at(1, Duration.ofDays(-1)))
        .isEqualTo(START.plusSeconds(60).minus(Duration.ofDays(1)));
  }

  @Test
  @DisplayName("is at a start not far beyond what was written last")
  void start() {
    RetentionClock ahead = new RetentionClock(START, START.plus(JUMP), 0);
    assertThat(ahead.now(START.plus(JUMP), 0)).isEqualTo(START);
    RetentionClock overnight = new RetentionClock(START, START.plus(Duration.ofHours(9)), 0);
    assertThat(overnight.now(START.plus(Duration.ofHours(9)), 0))
        .isEqualTo(START.plus(Duration.ofHours(9)));
    RetentionClock empty = new RetentionClock(null, START, 0);
    assertThat(empty.now(START, 0)).isEqualTo(START);
  }

  private Instant at(long minute, Duration ahead) {
    Duration passed = Duration.ofMinutes(minute);
    return clock.now(START.plus(passed).plus(ahead), passed.toNanos());
  }
}
