package io.spillway.server.part;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.spillway.wire.CloseCode;
import io.spillway.wire.CloseReason;
import io.vertx.core.http.WebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sees to it that a WebSocket of Vert.x' ends in a bounded time, and says why. Vert.x 5.0.8 by
 * itself
 *
 * <ul>
 *   <li>waits for ever for a peer that does not read its close frame,
 *   <li>throws, once the connection is gone, if that frame had to wait in its queue,
 *   <li>ends the connection without one if what is no frame came together with one that is right,
 *   <li>and takes reserved bits where no extension was negotiated (RFC 6455 section 5.2).
 * </ul>
 *
 * For the connection's event loop.
 */
public final class SocketEnd extends ChannelInboundHandlerAdapter {
  /** How long the peer may take for the closing handshake. */
  private static final long WITHIN_SECONDS = 10;

  private final WebSocket socket;
  private final Consumer<CloseCode> unreadable;
  private ChannelHandlerContext context;

  /** Sends our close frame; null if there is none to be sent. */
  private Runnable closing;

  /** The peer's close frame; null if it has been handed on. */
  private CloseWebSocketFrame answering;

  /** Nothing that comes can be read any more. */
  private boolean failed;

  private ScheduledFuture<?> limit;

  private SocketEnd(WebSocket socket, Consumer<CloseCode> unreadable) {
    this.socket = socket;
    this.unreadable = unreadable;
  }

  /**
   * Of this socket, from now on.
   *
   * @param unreadable told how to {@link #close} when what comes is no frame; the connection ends
   *     then without the peer's answer (RFC 6455 section 7.1.7)
   */
  public static SocketEnd of(WebSocket socket, Consumer<CloseCode> unreadable) {
    ChannelHandlerContext last = ((WebSocketInternal) socket).channelHandlerContext();
    SocketEnd end = new SocketEnd(socket, unreadable);
    last.pipeline().addBefore(last.name(), "socketEnd", end);
    return end;
  }

  /** Closes it behind what waits to be written; again does nothing. */
  public void close(CloseCode code, String reason, Consumer<Throwable> gone) {
    if (limit == null) {
      closing = () -> socket.close(code.code(), CloseReason.fit(reason)).onFailure(gone::accept);
      limit();
      goOn();
    }
  }

  /** Ends the connection as it is; Vert.x' own close would wait for the peer. */
  public void cut() {
    ChannelFuture unused = context.close();
  }

  private void limit() {
    if (limit == null) {
      limit = context.executor().schedule(this::cut, WITHIN_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (failed || answering != null) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof WebSocketFrame frame && frame.rsv() != 0) {
      frame.release();
      fail(CloseCode.PROTOCOL);
    } else if (message instanceof CloseWebSocketFrame close) {
      answering = close;
      limit();
      goOn();
    } else {
      ctx.fireChannelRead(message);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable error) {
    CloseCode code = FrameFault.of(error);
    if (code == null) {
      ctx.fireExceptionCaught(error);
    } else if (!failed) {
      fail(code);
    }
  }

  private void fail(CloseCode code) {
    failed = true;
    unreadable.accept(code);
    limit();
    goOn();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    ctx.fireChannelWritabilityChanged(); // first what Vert.x has waiting
    goOn();
  }

  /** A close frame is given to Vert.x when it can be written at once, and not before. */
  private void goOn() {
    if (context.channel().isActive() && !context.channel().isWritable()) {
      return;
    }
    if (closing != null) {
      Runnable close = closing;
      closing = null;
      close.run();
    }
    if (answering != null) {
      CloseWebSocketFrame close = answering;
      answering = null;
      context.fireChannelRead(close);
      context.fireChannelReadComplete();
    }
    if (failed) {
      context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> cut());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    release();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    release();
  }

  private void release() {
    if (limit != null) {
      limit.cancel(false);
    }
    closing = null;
    if (answering != null) {
      answering.release();
      answering = null;
    }
  }
}
