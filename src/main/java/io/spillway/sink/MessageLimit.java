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
 * all of one until it is whole, and all of an answer until a read ends where a message does. So the
 * messages of an answer have a limit together, too. Of a message there is a byte that says its
 * kind, and its length without that byte in four; an answer ends with ReadyForQuery (PostgreSQL,
 * Message Formats).
 */
final class MessageLimit extends ChannelInboundHandlerAdapter {
  private static final int HEADER = 5;
  private static final int LENGTH = 4;
  private static final int READY_FOR_QUERY = 'Z';

  private final int bytesMax;
  private final long answerMax;
  private final LongFunction<Throwable> tooLong;
  private final LongFunction<Throwable> tooMuch;

  /** Bytes of the message that are still to come, if its header is whole. */
  private long rest;

  private int headerBytes;
  private int kind;
  private long length;

  /** Bytes of the messages of this answer, that of now included. */
  private long answer;

  private boolean ended;

  /**
   * @param bytesMax of a message
   * @param answerMax of all messages of an answer
   * @param tooLong what is wrong, by the length of a message that was announced
   * @param tooMuch the same of an answer
   */
  MessageLimit(
      int bytesMax,
      long answerMax,
      LongFunction<Throwable> tooLong,
      LongFunction<Throwable> tooMuch) {
    this.bytesMax = bytesMax;
    this.answerMax = answerMax;
    this.tooLong = tooLong;
    this.tooMuch = tooMuch;
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
      context.fireExceptionCaught(
          answer > answerMax ? tooMuch.apply(answer) : tooLong.apply(length));
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
      int octet = bytes.getUnsignedByte(at);
      if (headerBytes++ == 0) {
        kind = octet;
      } else {
        length = (length << Byte.SIZE) | octet;
      }
      at++;
      if (headerBytes == HEADER) {
        if (length < LENGTH || length > bytesMax) {
          return false;
        }
        answer = kind == READY_FOR_QUERY ? 0 : answer + 1 + length;
        if (answer > answerMax) {
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
