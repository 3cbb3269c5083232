package io.spillway.iaq;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.iaq.Alarm.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

@DisplayName("An alarm")
class AlarmTest {
  private static final int HOLD = 60_000;
  private static final int CLEAR = 120_000;
  private static final Threshold HIGH = new Threshold(true, 1000, 2000, 50);
  private static final Threshold LOW = new Threshold(false, 18, 16, 0.5);

  private final Alarm alarm = new Alarm(HIGH, HOLD, CLEAR);

  @Test
  @DisplayName("is raised when values have reached a threshold for the whole time")
  void raised() {
    assertThat(alarm.feed(0, 1000)).isFalse();
    assertThat(alarm.feed(59_999, 1200)).isFalse();
    assertThat(alarm.feed(60_000, 1100)).isTrue();
    assertThat(alarm.level()).isEqualTo(Level.WARNING);
  }

  @Test
  @DisplayName("is not raised by a peak, nor by peaks with a break between them")
  void peaks() {
    alarm.feed(0, 3000);
    alarm.feed(30_000, 999);
    alarm.feed(40_000, 3000);
    alarm.feed(99_999, 3000);

    assertThat(alarm.level()).isEqualTo(Level.NONE);
  }

  @Test
  @DisplayName("is raised at once, and over at once, where no time is asked for")
  void atOnce() {
    Alarm quick = new Alarm(HIGH, 0, 0);

    assertThat(quick.feed(5, 2500)).isTrue();
    assertThat(quick.level()).isEqualTo(Level.CRITICAL);
    assertThat(quick.feed(6, 949)).isTrue();
    assertThat(quick.level()).isEqualTo(Level.NONE);
  }

  @Test
  @DisplayName("gets critical, back to a warning, and is over, each after its time")
  void levels() {
    List<Level> levels = new ArrayList<>();
    double[] values = {1500, 1500, 2100, 2100, 1960, 1960, 1960, 1949, 1949, 1949, 940, 940, 940};
    for (int i = 0; i < values.length; i++) {
      if (alarm.feed(i * 60_000L, values[i])) {
        levels.add(alarm.level());
      }
    }
    assertThat(levels).containsExactly(Level.WARNING, Level.CRITICAL, Level.WARNING, Level.NONE);
  }

  @Test
  @DisplayName("lasts while values are back by less than the margin")
  void margin() {
    alarm.feed(0, 1000);
    alarm.feed(60_000, 1000);
    for (int i = 2; i < 100; i++) {
      assertThat(alarm.feed(i * 60_000L, 951)).isFalse();
    }
    assertThat(alarm.level()).isEqualTo(Level.WARNING);
  }

  @Test
  @DisplayName("downwards is the same upside down")
  void downwards() {
    Alarm cold = new Alarm(LOW, 0, 0);

    cold.feed(0, 18);
    assertThat(cold.level()).isEqualTo(Level.WARNING);
    cold.feed(1, 15);
    assertThat(cold.level()).isEqualTo(Level.CRITICAL);
    cold.feed(2, 16.4);
    assertThat(cold.level()).isEqualTo(Level.CRITICAL);
    cold.feed(3, 18.4);
    assertThat(cold.level()).isEqualTo(Level.WARNING);
    cold.feed(4, 18.6);
    assertThat(cold.level()).isEqualTo(Level.NONE);
  }

  @Test
  @DisplayName("takes a time that goes back for the one before")
  void timeGoesBack() {
    alarm.feed(100_000, 1500);

    assertThat(alarm.feed(0, 1500)).isFalse();
    assertThat(alarm.feed(160_000, 1500)).isTrue();
  }

  /** A walk about a threshold, with noise on every value. */
  @RepeatedTest(50)
  @DisplayName("never flaps: a change needs its time, and the way through the margin")
  void neverFlaps(RepetitionInfo run) {
    long seed = 1_000L + run.getCurrentRepetition();
    Random random = new Random(seed);
    double walk = 1000;
    long time = 0;
    long sinceChange = Long.MIN_VALUE / 2;
    double leastSince = walk;
    Level level = Level.NONE;
    for (int i = 0; i < 5_000; i++) {
      time += 1_000 + random.nextInt(20_000);
      walk += random.nextGaussian() * 10 - (walk - 1000) * 0.002;
      double value = walk + random.nextGaussian() * 20;
      leastSince = Math.min(leastSince, value);
      if (alarm.feed(time, value)) {
        boolean worse = alarm.level().compareTo(level) > 0;
        assertThat(time - sinceChange)
            .as("seed %d, step %d", seed, i)
            .isGreaterThanOrEqualTo(worse ? HOLD : CLEAR);
        if (!worse) {
          assertThat(leastSince).as("seed %d, step %d", seed, i).isLessThan(950);
        }
        level = alarm.level();
        sinceChange = time;
        leastSince = value;
      }
    }
  }

  @RepeatedTest(10)
  @DisplayName("changes at most once while values only tremble about the threshold")
  void noise(RepetitionInfo run) {
    Random random = new Random(run.getCurrentRepetition());
    int changes = 0;
    for (int i = 0; i < 10_000; i++) {
      changes += alarm.feed(i * 5_000L, 975 + random.nextDouble() * 50) ? 1 : 0;
    }
    assertThat(changes).as("seed %d", run.getCurrentRepetition()).isLessThanOrEqualTo(1);
  }
}
