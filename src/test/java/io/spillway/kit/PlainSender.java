package io.spillway.kit;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;

/** A plain WebSocket client that sends records to a server. */
public final class PlainSender {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private PlainSender() {}

  /**
   * Sends them in one message, and waits until the last one is in the journal; nothing there may
   * contain it before.
   */
  public static void send(Spillway server, String... lines) {
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .header("Authorization", "Bearer " + Spillway.TOKEN)
            .buildAsync(URI.create(server.wsUrl()), new WebSocket.Listener() {})
            .join();
    socket.sendText(String.join("\n", lines), true).join();
    String last = lines[lines.length - 1];
    String mark = last.substring(1, last.length() - 1);
    Await.until(
        "the journal has " + mark,
        LIMIT,
        () -> server.stored().lines().stream().anyMatch(line -> line.contains(mark)));
    socket.abort();
  }
}
