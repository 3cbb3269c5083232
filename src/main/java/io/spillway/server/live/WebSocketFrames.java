package io.spillway.server.live;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.spillway.wire.CloseCode;
import io.spillway.wire.CloseReason;
import java.nio.charset.StandardCharsets;

/**
 * WebSocket frames of a server, which are not masked (RFC 6455 section 5.1), so that the same bytes
 * can go to any number of clients.
 */
final class WebSocketFrames {
  /** Longest header: no mask, a length of 64 bits. */
  static final int HEADER_MAX = 10;

  private static final int FINAL = 0x80;
  private static final int TEXT = 0x1;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int PONG = 0xA;
  private static final int SHORT_MAX = 125;

  private WebSocketFrames() {}

  /** The header of a text message of {@code length} bytes, in one frame. */
  static void textHeader(ByteBuf out, int length) {
    out.writeByte(FINAL | TEXT);
    if (length <= SHORT_MAX) {
      out.writeByte(length);
    } else if (length <= 0xFFFF) {
      out.writeByte(126).writeShort(length);
    } else {
      out.writeByte(127).writeLong(length);
    }
  }

  /** A text message. */
  static ByteBuf text(ByteBufAllocator memory, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuf out = memory.directBuffer(HEADER_MAX + bytes.length);
    textHeader(out, bytes.length);
    return out.writeBytes(bytes);
  }

  /** Adds a ping without payload. */
  static ByteBuf ping(ByteBuf out) {
    return out.writeByte(FINAL | PING).writeByte(0);
  }

  /** The pong to a ping of this payload, at most 125 bytes. */
  static ByteBuf pong(ByteBufAllocator memory, ByteBuf payload) {
    int length = payload.readableBytes();
    ByteBuf out = memory.directBuffer(2 + length);
    return out.writeByte(FINAL | PONG).writeByte(length).writeBytes(payload, length);
  }

  /** The answer to a close frame: the same status (RFC 6455 section 5.5.1). */
  static ByteBuf echo(ByteBufAllocator memory, ByteBuf payload) {
    int length = Math.min(payload.readableBytes(), SHORT_MAX);
    ByteBuf out = memory.directBuffer(2 + length);
    return out.writeByte(FINAL | CLOSE).writeByte(length).writeBytes(payload, length);
  }

  /** A close frame; the reason is cut to what fits (RFC 6455 section 5.5). */
  static ByteBuf close(CloseCode code, String reason) {
    byte[] bytes = CloseReason.fit(reason).getBytes(StandardCharsets.UTF_8);
    ByteBuf out = Unpooled.buffer(2 + Short.BYTES + bytes.length);
    out.writeByte(FINAL | CLOSE).writeByte(Short.BYTES + bytes.length);
    return out.writeShort(code.code()).writeBytes(bytes);
  }
}
