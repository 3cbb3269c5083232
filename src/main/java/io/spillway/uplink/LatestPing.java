package io.spillway.uplink;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.vertx.core.http.WebSocket;
import io.vertx.core.internal.http.WebSocketInternal;

/**
 * Hands on a ping when its pong can be written, and of those that come meanwhile the latest alone
 * (RFC 6455 section 5.5.3): the pongs for a server that sends pings and reads nothing would fill
 * the memory.
 *
 * <p>To read nothing until the pongs are written, as the server does with its clients, would not
 * do: here the socket is full of batches most of the time, and a server that cannot send what it
 * says of them, a thousand rejects among it, may read no more until it can.
 */
final class LatestPing extends ChannelInboundHandlerAdapter {
  private PingWebSocketFrame latest;

  /** Of this socket, from now on. */
  static void of(WebSocket socket) {
    ChannelHandlerContext last = ((WebSocketInternal) socket).channelHandlerContext();
    last.pipeline().addBefore(last.name(), "latestPing", new LatestPing());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof PingWebSocketFrame ping && !context.channel().isWritable()) {
      replace(ping);
    } else {
      context.fireChannelRead(message);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (latest != null && context.channel().isWritable()) {
      PingWebSocketFrame ping = latest;
      latest = null;
      context.fireChannelRead(ping);
      context.fireChannelReadComplete(); // or Vert.x would wait for it before it sends anything
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    replace(null);
  }

  private void replace(PingWebSocketFrame ping) {
    if (latest != null) {
      latest.release();
    }
    latest = ping;
  }
}
