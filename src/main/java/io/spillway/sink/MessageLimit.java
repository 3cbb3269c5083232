package io.spillway.sink;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.vertx.pgclient.impl.InitiateSslHandler;
import java.util.function.LongFunction;

/**
 * Ends the connection to a server that announces a message longer than it may be: the client keeps
 * all of one until it is whole. Of a message there is a byte that says its kind, and its length
 * without that byte in four (PostgreSQL, Message Formats).
 */
final class MessageLimit extends ChannelInboundHandlerAdapter {
  private static final int HEADER = 5;
  private static final int LENGTH = 4;

  private final int bytesMax;
  private final LongFunction<Throwable> tooLong;

  /** Bytes of the message that are still to come, if its header is whole. */
  private long rest;

  private int headerBytes;
  private long length;
  private boolean ended;

  /**
   * @param tooLong what is wrong, by the length that was announced
   */
  MessageLimit(int bytesMax, LongFunction<Throwable> tooLong) {
    this.bytesMax = bytesMax;
    this.tooLong = tooLong;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (ended) {
      ReferenceCountUtil.release(message);
    } else if (isBeforeTls(context) || isShort((ByteBuf) message)) {
      context.fireChannelRead(message);
    } else {
      ended = true;
      ReferenceCountUtil.release(message);
      context.fireExceptionCaught(tooLong.apply(length));
      ChannelFuture unused = context.close();
    }
  }

  /** The answer to the question for TLS is a single byte, and kept by nobody. */
  private static boolean isBeforeTls(ChannelHandlerContext context) {
    return context.pipeline().get(InitiateSslHandler.class) != null;
  }

  private boolean isShort(ByteBuf bytes) {
    int at = bytes.readerIndex();
    while (at < bytes.writerIndex()) {
      if (rest > 0) {
        long passed = Math.min(rest, bytes.writerIndex() - at);
        rest -= passed;
        at += (int) passed;
        continue;
      }
      if (headerBytes++ > 0) {
        length = (length << Byte.SIZE) | bytes.getUnsignedByte(at);
      }
      at++;
      if (headerBytes == HEADER) {
        if (length < LENGTH || length > bytesMax) {
          return false;
        }
        rest = length - LENGTH;
        headerBytes = 0;
        length = 0;
      }
    }
    return true;
  }
}
