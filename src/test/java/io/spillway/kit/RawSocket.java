package io.spillway.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** A WebSocket connection that sends whatever it likes, and does not look at what comes. */
public final class RawSocket implements AutoCloseable {
  private static final int LIMIT_MS = 15_000;

  private final Socket socket;
  private final OutputStream out;

  /** Connects to loopback, shakes hands on {@code path} and is sure of the 101. */
  public RawSocket(int port, String path) throws IOException {
    this(port, path, "Accept: */*");
  }

  /** The same, with one more header. */
  public RawSocket(int port, String path, String header) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(LIMIT_MS);
    out = socket.getOutputStream();
    String request =
        String.join(
            "\r\n",
            "GET " + path + " HTTP/1.1",
            "Host: localhost:" + port,
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            header,
            "",
            "");
    send(request.getBytes(StandardCharsets.US_ASCII));
    byte[] answer = socket.getInputStream().readNBytes(12);
    if (!new String(answer, StandardCharsets.US_ASCII).startsWith("HTTP/1.1 101")) {
      throw new IOException("not 101: " + new String(answer, StandardCharsets.US_ASCII));
    }
  }

  /** Sends bytes as they are. */
  public void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /**
   * A frame as it is asked for, right or wrong.
   *
   * @param first opcode, FIN and reserved bits
   * @param masked as the frames of a client have to be
   * @param length as the header says it
   * @param lengthBytes how the header says it: 0, 2 or 8 more bytes
   */
  public static byte[] frame(
      Random random, int first, boolean masked, long length, int lengthBytes, byte[] payload) {
    byte[] frame = new byte[2 + lengthBytes + (masked ? 4 : 0) + payload.length];
    frame[0] = (byte) first;
    int code = lengthBytes == 0 ? (int) length & 0x7f : lengthBytes == 2 ? 126 : 127;
    frame[1] = (byte) (code | (masked ? 0x80 : 0));
    for (int i = 0; i < lengthBytes; i++) {
      frame[2 + i] = (byte) (length >> (8 * (lengthBytes - 1 - i)));
    }
    int at = 2 + lengthBytes;
    byte[] mask = new byte[4];
    if (masked) {
      random.nextBytes(mask);
      System.arraycopy(mask, 0, frame, at, 4);
      at += 4;
    }
    for (int i = 0; i < payload.length; i++) {
      frame[at + i] = (byte) (payload[i] ^ mask[i % 4]);
    }
    return frame;
  }

  /** A text message, well formed. */
  public static byte[] text(Random random, byte[] payload) {
    int lengthBytes = payload.length < 126 ? 0 : payload.length < 65_536 ? 2 : 8;
    return frame(random, 0x81, true, payload.length, lengthBytes, payload);
  }

  /** The code with which the server closes the connection, before it says anything else. */
  public int closeCode() throws IOException {
    InputStream in = socket.getInputStream();
    for (int last = 0; ; ) { // behind the head of the 101
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the connection has ended");
      }
      last = (last << Byte.SIZE) | next;
      if (last == 0x0d0a0d0a) {
        break;
      }
    }
    byte[] frame = in.readNBytes(4);
    assertThat(frame[0]).as("first byte of a close frame").isEqualTo((byte) 0x88);
    return ((frame[2] & 0xff) << Byte.SIZE) | (frame[3] & 0xff);
  }

  /** Closes its sending side and reads until the server has closed, too. */
  public void drain() throws IOException {
    socket.shutdownOutput();
    InputStream in = socket.getInputStream();
    byte[] bytes = new byte[8_192];
    while (in.read(bytes) >= 0) {
      // what it says does not matter here
    }
  }

  /** Reads whatever comes until the connection ends. */
  public void readOn() throws IOException {
    socket.setSoTimeout(0);
    byte[] bytes = new byte[8_192];
    while (socket.getInputStream().read(bytes) >= 0) {
      // what it says does not matter here
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
