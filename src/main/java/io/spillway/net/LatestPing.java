package io.spillway.net;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.vertx.core.http.WebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.function.IntConsumer;

/**
 * Hands on the latest of the pings that one read of the socket has brought, and only when its pong
 * can be written (RFC 6455 section 5.5.3): a read may bring ten thousand, and to answer each of
 * them would keep all others waiting; and the pongs for a peer that sends pings and reads nothing
 * would fill the memory. None is handed on once a close frame has gone either way.
 */
public final class LatestPing extends ChannelDuplexHandler {
  private final IntConsumer came;
  private PingWebSocketFrame latest;
  private boolean closing;

  /**
   * @param came told of each ping how many bytes of payload it has
   */
  public LatestPing(IntConsumer came) {
    this.came = came;
  }

  /** Of this socket of Vert.x', from now on. */
  public static void of(WebSocket socket, IntConsumer came) {
    ChannelHandlerContext last = ((WebSocketInternal) socket).channelHandlerContext();
    last.pipeline().addBefore(last.name(), "latestPing", new LatestPing(came));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof PingWebSocketFrame ping) {
      came.accept(ping.content().readableBytes());
      replace(ping);
    } else {
      if (message instanceof CloseWebSocketFrame) {
        end();
      }
      context.fireChannelRead(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    handOn(context);
    context.fireChannelReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (handOn(context)) {
      context.fireChannelReadComplete(); // or Vert.x would wait for it before it sends anything
    }
    context.fireChannelWritabilityChanged();
  }

  private boolean handOn(ChannelHandlerContext context) {
    PingWebSocketFrame ping = latest;
    if (ping == null || !context.channel().isWritable()) {
      return false;
    }
    latest = null;
    context.fireChannelRead(ping);
    return true;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof CloseWebSocketFrame) {
      end();
    }
    super.write(context, message, promise);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    replace(null);
  }

  private void end() {
    closing = true;
    replace(null);
  }

  private void replace(PingWebSocketFrame ping) {
    if (latest != null) {
      latest.release();
    }
    latest = ping;
    if (closing && ping != null) {
      latest = null;
      ping.release();
    }
  }
}
