package io.spillway.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.VertxConnection;

/**
 * Answers a client that shuts its sending side behind its last request, as {@code nc -N} does, and
 * then closes (RFC 9112 section 9.6); Vert.x would close at once. Whoever does so in the middle of
 * a request, with none under way, or on a WebSocket, which has a close frame for that, has gone.
 */
final class HalfClosure extends ChannelDuplexHandler {
  private int unanswered;

  /** Whether the last request has come to its end. */
  private boolean whole = true;

  private boolean shut;

  /** Before the first request of a connection is read. */
  static void install(HttpConnection connection) {
    ((VertxConnection) connection)
        .channelHandlerContext()
        .pipeline()
        .addBefore("handler", "halfClosure", new HalfClosure());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    allow(context.channel(), true);
  }

  private static void allow(Channel channel, boolean halfClosed) {
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, halfClosed);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof HttpRequest) {
      unanswered++;
      whole = false;
    }
    if (message instanceof LastHttpContent) {
      whole = true;
    }
    super.channelRead(context, message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof ChannelInputShutdownEvent) {
      shut = true;
      closeIfDone(context);
    }
    super.userEventTriggered(context, event);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof HttpResponse response
        && response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      allow(context.channel(), false);
      unanswered = 0;
      ChannelPromise written = promise.unvoid();
      written.addListener(out -> closeIfDone(context));
      super.write(context, message, written);
    } else if (message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
      super.write(context, message, promise); // such as 100: the answer is yet to come
    } else if (message instanceof LastHttpContent) {
      ChannelPromise written = promise.unvoid();
      written.addListener(out -> answered(context));
      super.write(context, message, written);
    } else {
      super.write(context, message, promise);
    }
  }

  private void answered(ChannelHandlerContext context) {
    unanswered--;
    closeIfDone(context);
  }

  private void closeIfDone(ChannelHandlerContext context) {
    if (shut && (unanswered <= 0 || !whole)) {
      ChannelFuture unused = context.close();
    }
  }
}
