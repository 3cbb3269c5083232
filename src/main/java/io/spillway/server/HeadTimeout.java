package io.spillway.server;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.VertxConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection that holds its place and asks for nothing: the head of a request has to be
 * complete in time, counted from the beginning and from the end of each answer. A body may take as
 * long as it likes, and so may an answer; of a WebSocket nothing is asked here.
 */
final class HeadTimeout extends ChannelDuplexHandler {
  /** As nginx keeps a connection; a head comes in one or two packets. */
  static final Duration WITHIN = Duration.ofSeconds(60);

  private final Duration within;
  private final Runnable closing;
  private Future<?> timer;

  /** Requests whose answer is not out: one may be sent before the last is answered. */
  private int unanswered;

  /**
   * @param closing run when a connection is closed for this
   */
  HeadTimeout(Duration within, Runnable closing) {
    this.within = within;
    this.closing = closing;
  }

  /** Before the first request of a connection is read. */
  static void install(HttpConnection connection, Runnable closing) {
    ((VertxConnection) connection)
        .channelHandlerContext()
        .pipeline()
        .addBefore("handler", "headTimeout", new HeadTimeout(WITHIN, closing));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    await(context);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    cancel();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    cancel();
    super.channelInactive(context);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof HttpRequest) {
      unanswered++;
      cancel();
    }
    super.channelRead(context, message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
      super.write(context, message, promise);
      if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
        context.pipeline().remove(this);
      }
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
    if (unanswered <= 0 && context.channel().isActive() && !context.isRemoved()) {
      await(context);
    }
  }

  private void await(ChannelHandlerContext context) {
    cancel();
    timer =
        context
            .executor()
            .schedule(
                () -> {
                  closing.run();
                  ChannelFuture unused = context.close();
                },
                within.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  private void cancel() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}
