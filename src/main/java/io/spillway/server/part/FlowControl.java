package io.spillway.server.part;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.nio.AbstractNioChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Whether a peer takes what it is sent, judged by its connection's queue: how much was put in, and
 * how much of that is still there. Times are of {@link AwakeTime}, in nanoseconds.
 */
public final class FlowControl {
  /** A queue that has not moved for so long belongs to a client that does not read. */
  private static final long STANDS_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** What Netty counts for each buffer that waits, beside its bytes. */
  private static final int PER_BUFFER = 96;

  private long offered;
  private long taken;
  private long movedNanos;

  /** From now on; nothing is known of before. */
  public FlowControl(long nowNanos) {
    movedNanos = nowNanos;
  }

  /** Is told by the connection itself of all that is put into its queue, from now on. */
  public void install(Channel connection) {
    connection
        .pipeline()
        .addFirst(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void write(ChannelHandlerContext ctx, Object message, ChannelPromise done) {
                if (message instanceof ByteBuf bytes) {
                  sent(bytes.readableBytes());
                }
                ChannelFuture unused = ctx.write(message, done);
              }
            });
  }

  /** A buffer of so many bytes was put into the queue. */
  public void sent(int bytes) {
    offered += bytes + PER_BUFFER;
  }

  /**
   * Looks whether anything has moved since the last look; puts more into the kernel's buffer first,
   * which says that it has room only when a third of it is free: of some MB, that takes a slow
   * reader many seconds.
   *
   * @return false if the connection has ended
   */
  public boolean look(long nowNanos, Channel channel) {
    if (channel.unsafe() instanceof AbstractNioChannel.NioUnsafe socket) {
      socket.forceFlush();
    }
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    if (waiting != null) {
      long bytes = waiting.isEmpty() ? 0 : waiting.totalPendingWriteBytes();
      look(nowNanos, bytes, waiting.currentProgress());
    }
    return waiting != null;
  }

  /**
   * Looks whether anything has moved since the last look.
   *
   * @param waiting bytes in the queue, as Netty counts them
   * @param begun how many of them the kernel has taken already
   */
  void look(long nowNanos, long waiting, long begun) {
    long takenNow = offered - waiting + begun;
    if (takenNow != taken || waiting == 0) {
      taken = takenNow;
      movedNanos = nowNanos;
    }
  }

  /** True if something waits and nothing of it has moved for a while: nobody reads. */
  public boolean stands(long nowNanos) {
    return nowNanos - movedNanos > STANDS_NANOS;
  }

  /** True if something waits and nothing of it has moved for so long. */
  public boolean stands(long nowNanos, Duration forAll) {
    return nowNanos - movedNanos >= forAll.toNanos();
  }
}
