package io.spillway.server.part;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.time.TimeSource;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The time that a process has lived through")
class AwakeTimeTest {
  private static final Duration IDLE = Duration.ofMillis(100);
  private long nowMs = -20; // the clock counts from anywhere
  private final AwakeTime time =
      new AwakeTime(
          new TimeSource() {
            @Override
            public long wallMs() {
              return 5;
            }

            @Override
            public long nanoTime() {
              return Duration.ofMillis(nowMs).toNanos();
            }
          },
          Duration.ofMillis(10));

  private void passes(long ms) {
    for (long end = nowMs + ms; nowMs < end; time.look()) {
      nowMs += Math.min(end - nowMs, 10);
    }
  }

  private void standsStill(long ms) {
    nowMs += ms;
  }

  @Test
  @DisplayName("passes as ever while somebody looks, between the looks too")
  void looked() {
    long before = time.monotonicMs();
    passes(500);
    nowMs += 15;
    assertThat(time.monotonicMs() - before).isEqualTo(515);
    assertThat(time.wallMs()).isEqualTo(5);
  }

  @Test
  @DisplayName("stands still with the process, and goes on from there")
  void standstill() {
    long before = time.monotonicMs();
    standsStill(60_000);
    assertThat(time.monotonicMs() - before).as("before the first look").isEqualTo(20);
    time.look();
    assertThat(time.monotonicMs() - before).isEqualTo(20);
    passes(70);
    assertThat(time.monotonicMs() - before).isEqualTo(90);
  }

  @Test
  @DisplayName("makes nobody a peer that has gone because the process stood still")
  void keepalive() {
    Keepalive keepalive = new Keepalive(time.nanoTime());
    passes(5);
    keepalive.pinged(time.nanoTime());
    passes(50);
    standsStill(1_000);
    assertThat(isGone(keepalive)).isFalse();
    time.look();
    assertThat(isGone(keepalive)).isFalse();
    passes(100);
    assertThat(isGone(keepalive)).as("it goes on to be silent").isTrue();
  }

  @Test
  @DisplayName("lets nobody be heard in the future, also where something came as it woke up")
  void heardAsItWokeUp() {
    Keepalive keepalive = new Keepalive(time.nanoTime());
    standsStill(1_000);
    keepalive.heard(time.nanoTime());
    time.look();
    keepalive.pinged(time.nanoTime() + 1);
    passes(100);
    assertThat(isGone(keepalive)).isFalse();
    passes(1);
    assertThat(isGone(keepalive)).isTrue();
  }

  @Test
  @DisplayName("ends no message as late that had no time to come")
  void receiveBudget() {
    boolean[] late = {false};
    ReceiveBudget budget = new ReceiveBudget(1 << 20);
    ReceiveBudget.Share first = share(budget, late);
    first.came(1 << 20, time.monotonicMs());
    share(budget, new boolean[1]).came(1 << 20, time.monotonicMs());
    standsStill(2 * ReceiveBudget.WITHIN_MS);
    budget.tick(time.monotonicMs());
    assertThat(late[0]).isFalse();
    passes(ReceiveBudget.WITHIN_MS);
    budget.tick(time.monotonicMs());
    assertThat(late[0]).isTrue();
  }

  private static ReceiveBudget.Share share(ReceiveBudget budget, boolean[] late) {
    return budget.enter(
        new ReceiveBudget.Sender() {
          @Override
          public void reading(boolean on) {}

          @Override
          public void late() {
            late[0] = true;
          }
        });
  }

  private boolean isGone(Keepalive keepalive) {
    return keepalive.isGone(time.nanoTime(), IDLE.toNanos());
  }
}
