package io.spillway.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/** The client's side of a WebSocket (RFC 6455): its handshake, and the frames that it sends. */
final class ClientSocket {
  static final int TEXT = 1;

  private static final int RESPONSE_BYTES_MAX = 16_384;
  private static final int KEY_BYTES = 16;
  private static final int MASK_BYTES = 4;

  private ClientSocket() {}

  /**
   * Connects and shakes hands, without offering compression; the channel is blocking.
   *
   * @param subprotocol offered, and then required; null for none
   * @param reader is given the frames that came right behind the handshake
   * @throws IOException also when the server refuses
   */
  static SocketChannel open(URI url, String subprotocol, FrameReader reader) throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress(url.getHost(), url.getPort()));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    write(channel, ByteBuffer.wrap(request(url, subprotocol).getBytes(StandardCharsets.US_ASCII)));
    ByteBuffer in = ByteBuffer.allocate(RESPONSE_BYTES_MAX);
    int end = awaitResponse(channel, in);
    String response = new String(in.array(), 0, end, StandardCharsets.ISO_8859_1);
    String lower = response.toLowerCase(Locale.ROOT);
    boolean chosen =
        subprotocol == null || lower.contains("sec-websocket-protocol: " + subprotocol);
    if (!response.startsWith("HTTP/1.1 101 ") || !chosen) {
      channel.close();
      throw new IOException(url.getPath() + " was refused: " + response);
    }
    in.flip().position(end);
    reader.read(in);
    return channel;
  }

  private static String request(URI url, String subprotocol) {
    byte[] key = new byte[KEY_BYTES];
    ThreadLocalRandom.current().nextBytes(key);
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return "GET %s%s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            .formatted(url.getRawPath(), query, url.getHost(), url.getPort())
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n"
            .formatted(Base64.getEncoder().encodeToString(key))
        + (subprotocol == null ? "" : "Sec-WebSocket-Protocol: " + subprotocol + "\r\n")
        + "\r\n";
  }

  /** Reads until the blank line; returns the index behind it. */
  private static int awaitResponse(SocketChannel channel, ByteBuffer in) throws IOException {
    int at = 0;
    while (true) {
      for (; at + 4 <= in.position(); at++) {
        if (in.getInt(at) == 0x0d0a0d0a) {
          return at + 4;
        }
      }
      if (!in.hasRemaining() || channel.read(in) < 0) {
        throw new EOFException("no answer to the handshake");
      }
    }
  }

  /** A whole frame, masked as a client's has to be. */
  static ByteBuffer frame(int opcode, byte[] payload, int length) {
    ByteBuffer frame = ByteBuffer.allocate(length + 14);
    frame.put((byte) (0x80 | opcode));
    if (length < 126) {
      frame.put((byte) (0x80 | length));
    } else if (length < 65_536) {
      frame.put((byte) (0x80 | 126)).putShort((short) length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(length);
    }
    int mask = ThreadLocalRandom.current().nextInt();
    frame.putInt(mask);
    int from = frame.position();
    frame.put(payload, 0, length);
    byte[] bytes = frame.array();
    for (int i = 0; i < length; i++) {
      bytes[from + i] ^= (byte) (mask >> (8 * (MASK_BYTES - 1 - i % MASK_BYTES)));
    }
    return frame.flip();
  }

  /** Writes all of it; the channel is blocking. */
  static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
