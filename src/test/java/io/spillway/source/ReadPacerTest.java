package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A paced socket")
class ReadPacerTest {
  private static final int REST_MICROS = 5_100; // its loop is still busy before it sleeps

  private final ReadPacer pacer = new ReadPacer();
  private final EmbeddedChannel channel = new EmbeddedChannel(pacer);

  @BeforeEach
  void stopTheClock() {
    channel.freezeTime();
  }

  @Test
  @DisplayName("is read at once as long as nothing else is said")
  void atOnce() {
    channel.pipeline().fireChannelReadComplete();
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  @DisplayName("rests after each read, and is then read again")
  void rests() {
    pacer.pauseBeforeReads(Duration.ofMillis(5).toNanos());
    channel.pipeline().fireChannelReadComplete();
    assertThat(channel.config().isAutoRead()).isFalse();
    after(REST_MICROS);
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  @DisplayName("does not rest for what is left of a millisecond once its loop is awake")
  void awake() {
    pacer.pauseBeforeReads(Duration.ofMillis(5).toNanos());
    channel.pipeline().fireChannelReadComplete();
    after(4_400);
    pacer.awake();
    assertThat(channel.config().isAutoRead()).isFalse();
    after(200);
    pacer.awake();
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  @DisplayName("rests a millisecond longer at most, however often its loop is awake meanwhile")
  void awakeOften() {
    pacer.pauseBeforeReads(Duration.ofMillis(5).toNanos());
    channel.pipeline().fireChannelReadComplete();
    for (int micros = 0; micros < REST_MICROS + 1_000; micros += 100) {
      pacer.awake();
      after(100);
    }
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  @DisplayName("is left alone by a loop that is awake while it does not rest")
  void awakeForOthers() {
    pacer.hold(true);
    pacer.awake();
    assertThat(channel.config().isAutoRead()).isFalse();
  }

  private void after(int micros) {
    channel.advanceTimeBy(micros, TimeUnit.MICROSECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  @DisplayName("is not read while it is held, not even when its rest is over")
  void held() {
    pacer.pauseBeforeReads(Duration.ofMillis(5).toNanos());
    channel.pipeline().fireChannelReadComplete();
    pacer.hold(true);
    after(REST_MICROS);
    assertThat(channel.config().isAutoRead()).isFalse();
    pacer.hold(false);
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  @DisplayName("can be held before there is a socket")
  void heldEarly() {
    ReadPacer early = new ReadPacer();
    early.hold(true);
    assertThat(new EmbeddedChannel(early).config().isAutoRead()).isFalse();
  }
}
