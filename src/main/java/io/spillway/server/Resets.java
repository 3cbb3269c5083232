package io.spillway.server;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.VertxConnection;
import java.io.IOException;

/**
 * Takes a connection that is reset for one that has gone: of Vert.x 5.0.8 each reset is an error,
 * and one with a request waiting behind another a stack trace.
 */
final class Resets extends ChannelInboundHandlerAdapter {
  /** Before the first request of a connection is read. */
  static void install(HttpConnection connection) {
    ((VertxConnection) connection)
        .channelHandlerContext()
        .pipeline()
        .addBefore("handler", "resets", new Resets());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
    if (error instanceof IOException) {
      ChannelFuture unused = context.close();
    } else {
      context.fireExceptionCaught(error);
    }
  }
}
