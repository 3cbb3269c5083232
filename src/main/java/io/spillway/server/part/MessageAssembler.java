package io.spillway.server.part;

import io.spillway.time.TimeSource;
import io.vertx.core.buffer.Buffer;

/**
 * Puts a message together from its frames (RFC 6455 section 5.4), as bytes, bounds its size, and
 * tells the {@linkplain ReceiveBudget budget} what of it is in memory. The handlers of Vert.x would
 * decode the text, hiding bytes that are not UTF-8, and drop a message that is too long without a
 * word; that of Netty tells of a message when it is whole, and of none of its parts.
 */
public final class MessageAssembler {
  private final int bytesMax;
  private final ReceiveBudget.Share share;
  private final TimeSource time;
  private Buffer parts;

  /**
   * @param share of the connection, which is told of all that comes before it comes here
   */
  public MessageAssembler(int bytesMax, ReceiveBudget.Share share, TimeSource time) {
    this.bytesMax = bytesMax;
    this.share = share;
    this.time = time;
  }

  /**
   * Takes one data frame.
   *
   * @param last it ends the message
   * @return the message that it ends, or null
   * @throws TooBig if the message is over the limit
   */
  public byte[] add(byte[] data, boolean last) throws TooBig {
    int length = data.length + (parts == null ? 0 : parts.length());
    if (length > bytesMax) {
      parts = null;
      throw new TooBig(bytesMax);
    }
    if (!last) {
      parts = (parts == null ? Buffer.buffer(length * 2) : parts).appendBytes(data);
      share.part(data.length, length, time.monotonicMs());
      return null;
    }
    byte[] message = parts == null ? data : parts.appendBytes(data).getBytes();
    parts = null;
    share.complete();
    return message;
  }

  /** A message over the limit. */
  public static final class TooBig extends Exception {
    private static final long serialVersionUID = 1L;

    TooBig(int bytesMax) {
      super(FrameFault.tooBig(bytesMax), null, false, false);
    }
  }
}
