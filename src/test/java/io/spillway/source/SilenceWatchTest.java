package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The patience with a silent broker")
class SilenceWatchTest {
  private static final long TICK_MS = 500;

  private final SilenceWatch silence = new SilenceWatch();
  private long nowMs = 1_000_000;

  @BeforeEach
  void begin() {
    silence.begin(nowMs);
  }

  @Test
  @DisplayName("runs out after seven and a half seconds without a word")
  void runsOut() {
    assertThat(silentFor()).isEqualTo(8_000);
  }

  @Test
  @DisplayName("begins anew with each word")
  void heard() {
    for (int i = 0; i < 100; i++) {
      nowMs += TICK_MS;
      assertThat(silence.isOver(nowMs)).isFalse();
      silence.heard(nowMs);
    }
    assertThat(silentFor()).isEqualTo(8_000);
  }

  @Test
  @DisplayName(
      "begins anew with bytes of a long message, but not with a few, as answers to pings are")
  void bytes() {
    for (int i = 0; i < 100; i++) {
      nowMs += TICK_MS;
      assertThat(silence.isOver(nowMs)).isFalse();
      silence.came(SilenceWatch.BYTES / 8, nowMs);
    }
    long begun = nowMs;
    do {
      nowMs += TICK_MS;
      silence.came(2, nowMs);
    } while (!silence.isOver(nowMs));
    assertThat(nowMs - begun).isLessThanOrEqualTo(10_000);
  }

  @Test
  @DisplayName("doubles with each cut up to two minutes, as a broker may be busy saving what comes")
  void doubles() {
    long[] expected = {8_000, 15_500, 30_500, 60_500, 120_500, 120_500};
    for (long ms : expected) {
      silence.begin(nowMs);
      assertThat(silentFor()).isEqualTo(ms);
    }
  }

  @Test
  @DisplayName("is what it was after a minute of hearing something")
  void good() {
    silentFor();
    silence.begin(nowMs);
    nowMs += 59_000;
    silence.heard(nowMs);
    assertThat(silence.patienceMs()).isEqualTo(15_000);
    nowMs += 1_000;
    silence.heard(nowMs);
    assertThat(silence.patienceMs()).isEqualTo(7_500);
  }

  @Test
  @DisplayName("does not judge a broker for the time in which the process was frozen itself")
  void frozen() {
    nowMs += 12_000;
    assertThat(silence.isOver(nowMs)).isFalse();
    assertThat(silentFor()).isEqualTo(8_000);
  }

  /** Looks every half second until it has been too long. */
  private long silentFor() {
    long begun = nowMs;
    do {
      nowMs += TICK_MS;
    } while (!silence.isOver(nowMs));
    return nowMs - begun;
  }
}
