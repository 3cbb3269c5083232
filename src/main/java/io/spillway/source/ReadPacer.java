package io.spillway.source;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Decides when the socket is read again. Normally at once. While many messages come, a little
 * later: a broker writes each message by itself, and to wake up for each costs more than all the
 * rest. While held, not at all: TCP then tells the broker to wait.
 */
final class ReadPacer extends ChannelInboundHandlerAdapter {
  /**
   * Netty's NIO loop rounds to whole milliseconds and, when it wakes up half a millisecond early,
   * spins until a timer is due. A little less than a whole number of milliseconds rounds up.
   */
  private static final long ROUNDS_UP_NANOS = 250_000;

  private ChannelHandlerContext context;
  private long pauseNanos;
  private boolean held;
  private Future<?> pause;

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    added.channel().config().setAutoRead(!held);
  }

  /** How long to wait before each read; 0 for not at all. */
  void pauseBeforeReads(long nanos) {
    pauseNanos = nanos;
  }

  /** Does not read any more, or reads again. */
  void hold(boolean on) {
    if (held != on) {
      held = on;
      if (context != null) { // or it takes effect when there is a socket
        context.channel().config().setAutoRead(!on);
      }
    }
  }

  boolean isHeld() {
    return held;
  }

  /** What has been read is handed on first: that may change the pace. */
  @Override
  public void channelReadComplete(ChannelHandlerContext channel) {
    channel.fireChannelReadComplete();
    if (pauseNanos > ROUNDS_UP_NANOS && !held && channel.channel().isActive()) {
      channel.channel().config().setAutoRead(false);
      pause =
          channel
              .executor()
              .schedule(this::goOn, pauseNanos - ROUNDS_UP_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext closed) {
    if (pause != null) {
      pause.cancel(false);
    }
    closed.fireChannelInactive();
  }

  private void goOn() {
    if (!held) {
      context.channel().config().setAutoRead(true);
    }
  }
}
