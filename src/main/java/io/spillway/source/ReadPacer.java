package io.spillway.source;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Decides when the socket is read again. Normally at once. While many messages come, a little
 * later: a broker writes each message by itself, and to wake up for each costs more than all the
 * rest. While held, not at all: TCP then tells the broker to wait.
 */
final class ReadPacer extends ChannelDuplexHandler {
  private ChannelHandlerContext context;
  private long pauseNanos;
  private boolean held;
  private boolean wanted;
  private Future<?> soon;

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelInactive(ChannelHandlerContext closed) {
    if (soon != null) {
      soon.cancel(false);
    }
    closed.fireChannelInactive();
  }

  /** How long to wait before each read; 0 for not at all. */
  void pace(long nanos) {
    pauseNanos = nanos;
  }

  /** Does not read any more, or reads again. */
  void hold(boolean on) {
    held = on;
    if (!held && wanted) {
      wanted = false;
      context.read();
    }
  }

  boolean isHeld() {
    return held;
  }

  @Override
  public void read(ChannelHandlerContext channel) {
    if (held) {
      wanted = true;
    } else if (pauseNanos > 0) {
      soon = channel.executor().schedule(() -> readNow(channel), pauseNanos, TimeUnit.NANOSECONDS);
    } else {
      channel.read();
    }
  }

  private void readNow(ChannelHandlerContext channel) {
    if (held) {
      wanted = true;
    } else {
      channel.read();
    }
  }
}
