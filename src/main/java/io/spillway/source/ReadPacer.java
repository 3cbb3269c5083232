package io.spillway.source;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Decides when the socket is read again. Normally at once. While many messages come, a little
 * later: a broker writes each message by itself, and to wake up for each costs more than all the
 * rest. While held, not at all: TCP then tells the broker to wait.
 */
final class ReadPacer extends ChannelInboundHandlerAdapter {
  private static final long MS = 1_000_000;

  /**
   * What else is done before the loop sleeps takes about so long. Netty's NIO loop sleeps for whole
   * milliseconds and spins for what is left of one, if that is less than a half.
   */
  private static final long BEFORE_SLEEP_NANOS = 100_000;

  private ChannelHandlerContext context;
  private long pauseNanos;
  private boolean held;
  private ScheduledFuture<?> pause;

  /** By how much the pause that is going on is longer than it has to be. */
  private long roundedUp;

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
    if (pauseNanos > 0 && !held && channel.channel().isActive()) {
      channel.channel().config().setAutoRead(false);
      begin(pauseNanos);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext closed) {
    if (pause != null) {
      pause.cancel(false);
    }
    closed.fireChannelInactive();
  }

  /**
   * Something else has woken the loop up: a pause that is as good as over ends now, and any other
   * is a whole number of milliseconds again.
   */
  void awake() {
    if (pause != null && pause.cancel(false)) {
      long left = pause.getDelay(TimeUnit.NANOSECONDS) - roundedUp;
      if (left < MS / 2) {
        goOn();
      } else {
        begin(left);
      }
    }
  }

  private void begin(long nanos) {
    long rounded = (nanos + MS - 1) / MS * MS + BEFORE_SLEEP_NANOS;
    roundedUp = rounded - nanos;
    pause = context.executor().schedule(this::goOn, rounded, TimeUnit.NANOSECONDS);
  }

  private void goOn() {
    pause = null;
    if (!held) {
      context.channel().config().setAutoRead(true);
    }
  }
}
