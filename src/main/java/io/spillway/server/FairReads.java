package io.spillway.server;

import io.netty.channel.Channel;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.VertxConnection;

/**
 * One read of a connection a turn of its event loop, at most 64 KiB, where Netty takes 16: that
 * much of the smallest frames is ten thousand, and others wait.
 */
final class FairReads {
  private FairReads() {}

  /** Of this connection, from now on. */
  static void install(HttpConnection connection) {
    install(((VertxConnection) connection).channelHandlerContext().channel());
  }

  static void install(Channel channel) {
    if (channel.config().getRecvByteBufAllocator() instanceof MaxMessagesRecvByteBufAllocator as) {
      as.maxMessagesPerRead(1);
    }
  }
}
