package io.spillway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The pace")
class PaceTest {
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  /** How many lines go within so many seconds, if timers are late by so much. */
  private static int sent(Pace pace, int seconds, long lateNs) {
    int sent = 0;
    long nowNs = -5 * SECOND_NS; // the monotonic clock begins anywhere
    long endNs = nowNs + seconds * SECOND_NS;
    while (nowNs < endNs) {
      long waitNs = pace.waitNs(nowNs);
      if (waitNs == 0) {
        pace.sent(pace.atOnce(), nowNs);
        sent += pace.atOnce();
      } else {
        nowNs += waitNs + lateNs;
      }
    }
    return sent;
  }

  @ParameterizedTest
  @CsvSource({"1/s,1,10", "0.5,1,5", "20/s,2,200", "1000,100,10000", "50000/s,1000,500000"})
  @DisplayName("is kept over time, in small portions, also when timers are late")
  void kept(String text, int atOnce, int inTenSeconds) {
    assertThat(Pace.of(text).atOnce()).isEqualTo(atOnce);
    assertThat(sent(Pace.of(text), 10, 0)).isBetween(inTenSeconds, inTenSeconds + atOnce);
    assertThat(sent(Pace.of(text), 10, 3_000_000))
        .isBetween((int) (0.9 * inTenSeconds), inTenSeconds + atOnce);
  }

  @Test
  @DisplayName("does not make up for the time in which the link was down")
  void afterOutage() {
    Pace pace = Pace.of("10/s");
    pace.sent(1, 0);
    long laterNs = 3_600 * SECOND_NS;
    assertThat(pace.waitNs(laterNs)).isZero();
    pace.sent(1, laterNs);
    pace.sent(1, laterNs);
    pace.sent(1, laterNs);
    assertThat(pace.waitNs(laterNs)).isPositive();
  }

  @Test
  @DisplayName("is as fast as it goes, where none is asked for")
  void unlimited() {
    Pace pace = Pace.unlimited();
    pace.sent(1_000_000, 0);
    assertThat(pace.waitNs(0)).isZero();
    assertThat(pace.atOnce()).isEqualTo(1_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0/s", "-1", "10/min", "1e3", "x", "1000000000000"})
  @DisplayName("is a number above 0")
  void none(String text) {
    assertThat(Pace.of(text)).isNull();
  }
}
