package io.spillway.server.mqtt;

import io.netty.channel.Channel;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;

/**
 * One read of a connection a turn of its event loop, and something that is done at the turn's end,
 * once, however often it is wanted: a read may bring thousands of frames, and others wait.
 */
final class EndOfTurn {
  private final Channel channel;
  private final Runnable work;
  private boolean wanted;

  EndOfTurn(Channel channel, Runnable work) {
    this.channel = channel;
    this.work = work;
    if (channel.config().getRecvByteBufAllocator() instanceof MaxMessagesRecvByteBufAllocator as) {
      as.maxMessagesPerRead(1);
    }
  }

  /** Have it done. */
  void want() {
    if (!wanted) {
      wanted = true;
      channel.eventLoop().execute(this::run);
    }
  }

  private void run() {
    wanted = false;
    work.run();
  }
}
