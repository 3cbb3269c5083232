package io.spillway.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.retry.Backoff;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The wait for the next connection to RabbitMQ")
class ReconnectTest {
  private final Reconnect reconnect =
      new Reconnect(
          new Backoff(Duration.ofMillis(100), Duration.ofMillis(400), bound -> bound - 1));

  @Test
  @DisplayName("grows with each attempt that fails, up to its limit")
  void grows() {
    assertThat(reconnect.down(0)).isEqualTo(100);
    assertThat(reconnect.down(1_000)).isEqualTo(200);
    assertThat(reconnect.down(20_000)).isEqualTo(400);
    assertThat(reconnect.down(90_000)).isEqualTo(400);
    assertThat(reconnect.isUp()).isFalse();
  }

  @Test
  @DisplayName("is short after a connection that held, and not after one that was soon lost")
  void held() {
    reconnect.down(0);
    reconnect.down(0);
    reconnect.up(1_000);
    assertThat(reconnect.isUp()).isTrue();
    assertThat(reconnect.down(6_000)).isEqualTo(400);
    reconnect.up(10_000);
    assertThat(reconnect.down(15_001)).isEqualTo(100);
    assertThat(reconnect.down(99_000)).isEqualTo(200);
  }

  @Test
  @DisplayName("is short when the settings are others")
  void begins() {
    reconnect.down(0);
    reconnect.down(0);
    reconnect.begin();
    assertThat(reconnect.down(0)).isEqualTo(100);
  }

  @Test
  @DisplayName("is never none")
  void never() {
    Reconnect atOnce = new Reconnect(new Backoff(Duration.ZERO, Duration.ZERO, bound -> 0));
    assertThat(atOnce.down(0)).isEqualTo(1);
  }
}
