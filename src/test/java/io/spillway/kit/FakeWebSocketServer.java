package io.spillway.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Shakes hands as a server that speaks {@code spillway.v1}, and then sends the same bytes for ever
 * and reads nothing.
 */
public final class FakeWebSocketServer implements AutoCloseable {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 section 1.3

  private final ServerSocket port;
  private final byte[] sends;
  private final AtomicInteger accepted = new AtomicInteger();

  /** On a free port of loopback, from now on. */
  public FakeWebSocketServer(byte[] sends) throws IOException {
    this.sends = sends.clone();
    port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    begin(this::accept);
  }

  /** Where an edge connects to it. */
  public String wsUrl() {
    return "ws://127.0.0.1:" + port.getLocalPort() + "/ws";
  }

  /** How many connections there were. */
  public int accepted() {
    return accepted.get();
  }

  private static void begin(Runnable work) {
    Thread thread = new Thread(work, "fake-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = port.accept();
        begin(() -> serve(client));
      }
    } catch (IOException closed) {
      // so it ends
    }
  }

  private void serve(Socket client) {
    try (client) {
      OutputStream out = client.getOutputStream();
      out.write(handshake(client).getBytes(StandardCharsets.US_ASCII));
      accepted.incrementAndGet();
      while (true) {
        out.write(sends);
      }
    } catch (IOException gone) {
      // its client comes again
    }
  }

  private static String handshake(Socket client) throws IOException {
    BufferedReader head =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    String key = "";
    for (String line = head.readLine(); line != null && !line.isEmpty(); line = head.readLine()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:")) {
        key = line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return String.join(
        "\r\n",
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Accept: " + accept(key),
        "Sec-WebSocket-Protocol: spillway.v1",
        "",
        "");
  }

  private static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException error) {
      throw new AssertionError(error);
    }
  }

  @Override
  public void close() throws IOException {
    port.close();
  }
}
