package io.spillway.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.WebSocket;
import io.vertx.core.internal.http.WebSocketInternal;

/**
 * Tells of all bytes that come, before anything is made of them: over a slow line a single message
 * takes longer than one may wait for a sign of life, and its bytes are one.
 */
public final class SignOfLife extends ChannelInboundHandlerAdapter {
  private final Runnable heard;

  /**
   * @param heard run on the connection's event loop, once for each read
   */
  public SignOfLife(Runnable heard) {
    this.heard = heard;
  }

  /** Tells of all that comes on this socket, parts of frames and control frames among it. */
  public static void of(WebSocket socket, Runnable heard) {
    ((WebSocketInternal) socket).channelHandlerContext().pipeline().addFirst(new SignOfLife(heard));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    heard.run();
    context.fireChannelRead(bytes);
  }
}
