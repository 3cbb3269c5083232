package io.spillway.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.WebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.function.IntConsumer;

/**
 * Tells of all bytes that come, before anything is made of them: over a slow line a single message
 * takes longer than one may wait for a sign of life, and its bytes are one.
 */
public final class SignOfLife extends ChannelInboundHandlerAdapter {
  private final IntConsumer heard;

  /**
   * @param heard told on the connection's event loop, once for each read, how many bytes have come
   */
  public SignOfLife(IntConsumer heard) {
    this.heard = heard;
  }

  /** Tells of all that comes on this socket, parts of frames and control frames among it. */
  public static void of(WebSocket socket, Runnable heard) {
    ((WebSocketInternal) socket)
        .channelHandlerContext()
        .pipeline()
        .addFirst(new SignOfLife(bytes -> heard.run()));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    heard.accept(bytes instanceof ByteBuf some ? some.readableBytes() : 0);
    context.fireChannelRead(bytes);
  }
}
