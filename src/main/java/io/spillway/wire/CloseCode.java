package io.spillway.wire;

/** Why a WebSocket is closed (RFC 6455 section 7.4; 4000 and above are our own). */
public enum CloseCode {
  /** All is said. */
  NORMAL(1000),
  /** The server is stopping: come back. */
  GOING_AWAY(1001),
  /** Frames that are not those of RFC 6455. */
  PROTOCOL(1002),
  /** Text where only binary messages are understood. */
  UNSUPPORTED(1003),
  /** Text that is not UTF-8. */
  NOT_UTF8(1007),
  /** Against the rules: a message that is not of the protocol, an origin that is not allowed. */
  POLICY(1008),
  /** A message over the limit: split it. */
  TOO_BIG(1009),
  /** The server cannot store now: come back later. */
  TRY_LATER(1013),
  /** Not allowed: another key for this epoch, or an edge that the token does not cover. */
  FORBIDDEN(4403),
  /** The client reads too slowly: come back and go on from its offset. */
  TOO_SLOW(4408),
  /** A sequence gap, or a newer connection of the same edge: begin again from hello. */
  GAP(4409);

  private final int code;

  CloseCode(int code) {
    this.code = code;
  }

  /** The number on the wire; Vert.x takes a short. */
  public short code() {
    return (short) code;
  }
}
