package io.spillway.redelivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("That a broker has been running without a break")
class BrokerUptimeTest {
  private static final long HOUR = 3_600_000;
  private static final long UP = 24 * HOUR;

  private final BrokerUptime first = BrokerUptime.from(1, at(0), UP);

  @Test
  @DisplayName(
      "is proven since the first connection by one that is as much older as time has passed")
  void same() {
    assertThat(first.next(2, at(HOUR), UP + HOUR).since()).isEqualTo(1);
    assertThat(first.next(2, at(HOUR), UP + HOUR - 10_000).since()).isEqualTo(1);
    assertThat(first.next(2, at(HOUR), -1).next(3, at(HOUR + 9), UP + HOUR).since()).isEqualTo(1);
  }

  @Test
  @DisplayName("is not proven by a broker that was started since")
  void restarted() {
    assertThat(first.next(2, at(HOUR), HOUR - 1).since()).isEqualTo(2);
  }

  @Test
  @DisplayName("is not proven by another broker at the same address, be it older or younger")
  void another() {
    assertThat(first.next(2, at(HOUR), UP + 3 * HOUR).since()).isEqualTo(2);
    assertThat(first.next(2, at(HOUR), UP - HOUR).since()).isEqualTo(2);

    BrokerUptime other = first.next(2, at(HOUR), UP - HOUR);
    assertThat(other.next(3, at(2 * HOUR), UP + 2 * HOUR).since()).isEqualTo(3);
  }

  @Test
  @DisplayName("is proven although the clock was set back, or the machine has slept")
  void clocks() {
    assertThat(first.next(2, new Moment(1, HOUR, -HOUR), UP + HOUR).since()).isEqualTo(1);
    assertThat(first.next(2, new Moment(1, 5, HOUR), UP + HOUR).since()).isEqualTo(1);
  }

  @Test
  @DisplayName("is not proven by a broker after this machine was started again")
  void otherBoot() {
    assertThat(first.next(2, new Moment(2, HOUR, HOUR), UP + HOUR).since()).isEqualTo(2);
  }

  private static Moment at(long ms) {
    return new Moment(1, ms, ms);
  }
}
