package io.spillway.server.part;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.spillway.wire.CloseCode;

/** What Netty finds wrong with the frames of a WebSocket, and with what was compressed in them. */
public final class FrameFault {
  private static final String NO_FRAME = "not a frame of a WebSocket (RFC 6455)";

  private FrameFault() {}

  /** What is said with the code that {@link #of} gives, where a message has a greatest length. */
  public static String reason(CloseCode code, int bytesMax) {
    return reason(code, tooBig(bytesMax));
  }

  /** The same, in other words for what is too big. */
  public static String reason(CloseCode code, String tooBig) {
    return code == CloseCode.TOO_BIG ? tooBig : NO_FRAME;
  }

  /** Of a message that is longer, whole or in parts. */
  static String tooBig(int bytesMax) {
    return "a message may have at most " + bytesMax + " bytes";
  }

  /**
   * How to close for it (RFC 6455 section 7.4.1): {@link CloseCode#TOO_BIG}, {@link
   * CloseCode#PROTOCOL}, or null if it is none of a frame.
   */
  public static CloseCode of(Throwable error) {
    if (error instanceof CorruptedWebSocketFrameException wrong) {
      return wrong.closeStatus().code() == CloseCode.TOO_BIG.code()
          ? CloseCode.TOO_BIG
          : CloseCode.PROTOCOL;
    }
    if (error instanceof TooLongFrameException) {
      return CloseCode.TOO_BIG;
    }
    if (error instanceof DecoderException) { // with a cause, it cannot be inflated (RFC 7692)
      return error.getCause() == null ? CloseCode.TOO_BIG : CloseCode.PROTOCOL;
    }
    return null;
  }
}
