package io.spillway.server.mqtt;

import io.netty.channel.Channel;

/**
 * Something that is done at the end of a turn of a connection's event loop, once, however often it
 * is wanted: a read may bring thousands of frames, and others wait.
 */
final class EndOfTurn {
  private final Channel channel;
  private final Runnable work;
  private boolean wanted;

  EndOfTurn(Channel channel, Runnable work) {
    this.channel = channel;
    this.work = work;
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
