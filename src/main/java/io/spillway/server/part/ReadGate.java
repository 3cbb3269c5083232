package io.spillway.server.part;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
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
  /**
   * Whoever is not read for not reading his answers, and takes nothing of them for so long, ends.
   */
  public static final Duration CLOGGED_MAX = Duration.ofMinutes(1);

  /** What he is told then. */
  public static final String TOO_SLOW = "too slow: read what you are answered";

  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private final IntConsumer came;

  /** Run when he does; null if he is read all the same. */
  private Runnable tooSlow;

  private Runnable onWritable = () -> {};
  private Channel channel;
  private boolean shut;

  /** Of what waits while he is not read for not reading; null while he reads. */
  private FlowControl clogged;

  private Future<?> looks;

  private ReadGate(IntConsumer came) {
    this.came = came;
  }

  /**
   * One that counts.
   *
   * @param came told on the connection's event loop, once for each read, how many bytes have come
   */
  public static ReadGate counting(IntConsumer came) {
    return new ReadGate(came);
  }

  /** The same; and {@link #answers}. */
  public static ReadGate answering(IntConsumer came, Runnable tooSlow) {
    ReadGate gate = new ReadGate(came);
    gate.answers(tooSlow);
    return gate;
  }

  /**
   * From now on nobody is read who does not read what he is answered: the pongs of a flood of
   * pings, or what is said of a flood of records that are none, would fill the memory.
   *
   * @param slow run once when he takes nothing for {@link #CLOGGED_MAX}: he is to be closed
   */
  public void answers(Runnable slow) {
    tooSlow = slow;
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

  /** Whether what the peer sends is read: of one that is not, nothing can be heard. */
  public boolean isReading() {
    return !shut && clogged == null;
  }

  /** Reads no more from the socket, or again. Does nothing before it is installed. */
  public void reading(boolean on) {
    shut = !on;
    decide();
  }

  private void decide() {
    if (channel != null) {
      channel.config().setAutoRead(isReading());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    came.accept(bytes instanceof ByteBuf some ? some.readableBytes() : 0);
    context.fireChannelRead(bytes);
    if (tooSlow != null && clogged == null && !channel.isWritable()) {
      clogged = new FlowControl(nowNanos()); // no look yet: it may make room, and end this at once
      decide();
      long everyMs = LOOK_EVERY.toMillis();
      looks =
          context
              .executor()
              .scheduleAtFixedRate(this::watch, everyMs, everyMs, TimeUnit.MILLISECONDS);
    }
  }

  private long nowNanos() {
    return channel.eventLoop().ticker().nanoTime();
  }

  private void watch() {
    FlowControl flow = clogged;
    if (flow != null
        && flow.look(nowNanos(), channel)
        && clogged != null // the look may have made room
        && flow.stands(nowNanos(), CLOGGED_MAX)) {
      cancel();
      tooSlow.run();
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (clogged != null && message instanceof ByteBuf bytes) {
      clogged.sent(bytes.readableBytes());
    }
    ChannelFuture unused = context.write(message, promise);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      clogged = null;
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
    if (looks != null) {
      looks.cancel(false);
      looks = null;
    }
  }

  @Override
  public void read(ChannelHandlerContext context) {
    if (isReading()) {
      context.read();
    }
  }
}
