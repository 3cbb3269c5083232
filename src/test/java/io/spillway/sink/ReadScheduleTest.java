package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.SinkConfig;
import io.spillway.sink.ReadSchedule.Throttle;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pacing of a sink")
class ReadScheduleTest {
  private static final SinkConfig CONFIG =
      new SinkConfig(100, 1 << 20, Duration.ofMillis(50), 50, Duration.ofSeconds(30));

  private final ReadSchedule schedule = new ReadSchedule(CONFIG);

  @Test
  @DisplayName("rests only while it is behind and others send")
  void applies() {
    Throttle throttle = new Throttle(50, 4_000);

    assertThat(throttle.applies(4_000, 10)).isTrue();
    assertThat(throttle.applies(3_999, 10)).isFalse();
    assertThat(throttle.applies(1_000_000, 1_000)).isFalse();
    assertThat(new Throttle(100, 4_000).applies(1_000_000, 10)).isFalse();
  }

  @Test
  @DisplayName("keeps to the share of time")
  void share() {
    assertThat(new Throttle(50, 1).restMs(40)).isEqualTo(40);
    assertThat(new Throttle(20, 1).restMs(40)).isEqualTo(160);
    assertThat(new Throttle(80, 1).restMs(40)).isEqualTo(10);
    assertThat(new Throttle(80, 1).restMs(0)).isEqualTo(1);
  }

  @Test
  @DisplayName("waits for more only so long after the first, and not at all for a whole batch")
  void lingers() {
    schedule.read(false, 1_000);

    assertThat(schedule.readInMs(1_000, 0)).isEqualTo(1_000);
    assertThat(schedule.readInMs(1_200, 1)).isEqualTo(50);
    assertThat(schedule.readInMs(1_230, 99)).isEqualTo(20);
    assertThat(schedule.readInMs(1_230, 100)).isZero();
    assertThat(schedule.readInMs(1_250, 1)).isZero();
  }

  @Test
  @DisplayName("looks once a second though nothing was heard of, and at once after a full batch")
  void looks() {
    schedule.read(false, 1_000);
    assertThat(schedule.readInMs(2_000, 0)).isZero();

    schedule.read(true, 2_000);
    assertThat(schedule.readInMs(2_000, 0)).isZero();
  }

  @Test
  @DisplayName("rests after a write as long as it was busy, whatever waits, if it is throttled")
  void rests() {
    schedule.busy(1_000);
    schedule.written(true, 1_040);
    assertThat(schedule.readInMs(1_040, 1_000)).isEqualTo(40);
    assertThat(schedule.readInMs(1_080, 1_000)).isZero();

    schedule.written(false, 1_100);
    assertThat(schedule.readInMs(1_100, 1_000)).isZero();
  }

  @Test
  @DisplayName("does not ask again and again a journal that cannot be read")
  void unread() {
    schedule.unread(1_000);

    assertThat(schedule.readInMs(1_000, 1_000)).isEqualTo(1_000);
  }
}
