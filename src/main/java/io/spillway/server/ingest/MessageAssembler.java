package io.spillway.server.ingest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;

/**
 * Puts a message together from its frames (RFC 6455 section 5.4), as bytes, and bounds its size.
 * Vert.x's own handlers would decode the text, hiding bytes that are not UTF-8, and drop a message
 * that is too long without a word.
 */
final class MessageAssembler {
  private final int bytesMax;
  private Buffer parts;

  MessageAssembler(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /**
   * Takes one data frame.
   *
   * @return the message that it ends, or null
   * @throws TooBig if the message is over the limit
   */
  byte[] add(WebSocketFrame frame) throws TooBig {
    Buffer data = frame.binaryData();
    int length = data.length() + (parts == null ? 0 : parts.length());
    if (length > bytesMax) {
      parts = null;
      throw new TooBig(bytesMax);
    }
    if (parts == null && frame.isFinal()) {
      return data.getBytes();
    }
    parts = (parts == null ? Buffer.buffer(length * 2) : parts).appendBuffer(data);
    if (!frame.isFinal()) {
      return null;
    }
    byte[] message = parts.getBytes();
    parts = null;
    return message;
  }

  /** Bytes of a message of which parts are still to come. */
  int length() {
    return parts == null ? 0 : parts.length();
  }

  /** A message over the limit. */
  static final class TooBig extends Exception {
    private static final long serialVersionUID = 1L;

    TooBig(int bytesMax) {
      super("a message may have at most " + bytesMax + " bytes", null, false, false);
    }
  }
}
