package io.spillway.server.part;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.VertxConnection;

/**
 * One read of a connection a turn of its event loop, where Netty takes 16, and of no more bytes
 * than make some dozens of messages, as they came last: 64 KiB of the smallest frames are ten
 * thousand messages, each costs what a long one costs, and others wait. Behind what makes messages
 * of the bytes.
 */
public final class FairReads extends ChannelInboundHandlerAdapter {
  /** Of one connection, a turn. */
  static final int MESSAGES = 64;

  static final int BYTES_MIN = 512;
  static final int BYTES_MAX = 64 << 10;

  private int limit = BYTES_MAX;

  /** What the last read has brought. */
  private int bytes;

  private int messages;

  /** Of this connection, before its first request is read, and for as long as it is open. */
  public static void install(HttpConnection connection) {
    ((VertxConnection) connection)
        .channelHandlerContext()
        .pipeline()
        .addBefore("handler", "fairReads", new FairReads());
  }

  /** How many bytes the next read may bring, after one that brought these. */
  static int next(int limit, int bytes, int messages) {
    if (messages <= MESSAGES / 2) {
      return Math.min(BYTES_MAX, 2 * limit);
    }
    long dense = (long) bytes * MESSAGES / messages;
    return (int) Math.max(BYTES_MIN, Math.min(BYTES_MAX, dense));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    context.channel().config().setRecvByteBufAllocator(new Sizes());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    messages++;
    context.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    limit = next(limit, bytes, messages);
    messages = 0;
    context.fireChannelReadComplete();
  }

  /** As Netty sizes a read, but for our limit. */
  private final class Sizes extends AdaptiveRecvByteBufAllocator {
    Sizes() {
      maxMessagesPerRead(1);
    }

    @Override
    public ExtendedHandle newHandle() {
      return new Size((ExtendedHandle) super.newHandle());
    }
  }

  private final class Size extends RecvByteBufAllocator.DelegatingHandle
      implements RecvByteBufAllocator.ExtendedHandle {
    private final RecvByteBufAllocator.ExtendedHandle usual;

    Size(RecvByteBufAllocator.ExtendedHandle usual) {
      super(usual);
      this.usual = usual;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator memory) {
      int size = guess();
      return memory.ioBuffer(size, size); // which else is filled as far as it may grow
    }

    @Override
    public int guess() {
      return Math.min(limit, super.guess());
    }

    @Override
    public void lastBytesRead(int read) {
      bytes = Math.max(0, read);
      super.lastBytesRead(read);
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier more) {
      return usual.continueReading(more);
    }
  }
}
