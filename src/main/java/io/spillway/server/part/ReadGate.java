package io.spillway.server.part;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * The first handler of a connection: counts what comes, and lets nothing more come while it is
 * shut. To have auto-read off is not enough for that: a decoder asks for more by itself until a
 * frame is whole. And Vert.x' pause begins only when a good deal more has come.
 */
public final class ReadGate extends ChannelDuplexHandler {
  /** How long a peer may take to read enough of his answers that he is read again. */
  public static final Duration CLOGGED_MAX = Duration.ofMinutes(1);

  private final IntConsumer came;

  /** Run when he takes longer; null if he is read all the same. */
  private final Runnable tooSlow;

  private Runnable onWritable = () -> {};
  private Channel channel;
  private boolean shut;
  private boolean clogged;
  private Future<?> limit;

  private ReadGate(IntConsumer came, Runnable tooSlow) {
    this.came = came;
    this.tooSlow = tooSlow;
  }

  /**
   * One that counts.
   *
   * @param came told on the connection's event loop, once for each read, how many bytes have come
   */
  public static ReadGate counting(IntConsumer came) {
    return new ReadGate(came, null);
  }

  /**
   * The same; and nobody is read who does not read what he is answered: the pongs of a flood of
   * pings would fill the memory.
   *
   * @param tooSlow run once when he does not for {@link #CLOGGED_MAX}: he is to be closed
   */
  public static ReadGate answering(IntConsumer came, Runnable tooSlow) {
    return new ReadGate(came, tooSlow);
  }

  /** Runs this whenever what waits to be written has become little enough again. */
  public ReadGate onWritable(Runnable next) {
    onWritable = next;
    return this;
  }

  /** Makes it the first handler of this connection. */
  public void install(Channel connection) {
    connection.pipeline().addFirst(this);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context.channel();
  }

  /** Whether little enough waits to be written. */
  public boolean isWritable() {
    return channel.isWritable();
  }

  /** Reads no more from the socket, or again. Does nothing before it is installed. */
  public void reading(boolean on) {
    shut = !on;
    decide();
  }

  private void decide() {
    if (channel != null) {
      channel.config().setAutoRead(!shut && !clogged);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    came.accept(bytes instanceof ByteBuf some ? some.readableBytes() : 0);
    context.fireChannelRead(bytes);
    if (tooSlow != null && !clogged && !channel.isWritable()) {
      clogged = true;
      decide();
      limit = context.executor().schedule(tooSlow, CLOGGED_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      clogged = false;
      cancel();
      decide();
      onWritable.run();
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancel();
    context.fireChannelInactive();
  }

  private void cancel() {
    if (limit != null) {
      limit.cancel(false);
      limit = null;
    }
  }

  @Override
  public void read(ChannelHandlerContext context) {
    if (!shut && !clogged) {
      context.read();
    }
  }
}
