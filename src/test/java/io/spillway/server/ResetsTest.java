package io.spillway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import java.net.SocketException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A connection")
class ResetsTest {
  private final EmbeddedChannel channel = new EmbeddedChannel(new Resets());

  @Test
  @DisplayName("that is reset is closed, and nobody behind is told of an error")
  void reset() {
    channel.pipeline().fireExceptionCaught(new SocketException("Connection reset"));
    channel.checkException();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  @DisplayName("on which something cannot be read stays open for whoever answers that")
  void unreadable() {
    channel.pipeline().fireExceptionCaught(new TooLongFrameException("long"));
    assertThat(channel.isOpen()).isTrue();
    assertThatThrownBy(channel::checkException).isInstanceOf(TooLongFrameException.class);
  }
}
