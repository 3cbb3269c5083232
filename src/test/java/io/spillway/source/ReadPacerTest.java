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
    channel.advanceTimeBy(5, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  @DisplayName("is not read while it is held, not even when its rest is over")
  void held() {
    pacer.pauseBeforeReads(Duration.ofMillis(5).toNanos());
    channel.pipeline().fireChannelReadComplete();
    pacer.hold(true);
    channel.advanceTimeBy(5, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
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
