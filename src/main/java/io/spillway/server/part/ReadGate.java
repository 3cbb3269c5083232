package io.spillway.server.part;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import java.util.function.IntConsumer;

/**
 * The first handler of a connection: counts what comes, and lets nothing more come while it is
 * shut. To have auto-read off is not enough for that: a decoder asks for more by itself until a
 * frame is whole. And Vert.x' pause begins only when a good deal more has come.
 */
public final class ReadGate extends ChannelDuplexHandler {
  private final IntConsumer came;
  private final boolean onlyWhileWritable;
  private Runnable onWritable = () -> {};
  private Channel channel;
  private boolean shut;
  private boolean clogged;

  private ReadGate(IntConsumer came, boolean onlyWhileWritable) {
    this.came = came;
    this.onlyWhileWritable = onlyWhileWritable;
  }

  /**
   * One that counts.
   *
   * @param came told on the connection's event loop, once for each read, how many bytes have come
   */
  public static ReadGate counting(IntConsumer came) {
    return new ReadGate(came, false);
  }

  /**
   * The same; and nobody is read who does not read what he is answered: the pongs of a flood of
   * pings would fill the memory.
   */
  public static ReadGate answering(IntConsumer came) {
    return new ReadGate(came, true);
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
    if (onlyWhileWritable && !channel.isWritable()) {
      clogged = true;
      decide();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      clogged = false;
      decide();
      onWritable.run();
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void read(ChannelHandlerContext context) {
    if (!shut && !clogged) {
      context.read();
    }
  }
}
