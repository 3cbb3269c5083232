package io.spillway.kit;

import io.spillway.wire.Wire;
import io.spillway.wire.WireMessage.Hello;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The uplink of an edge by hand: it says what a test has it say, and hears what comes back. */
public final class FakeEdge implements AutoCloseable, WebSocket.Listener {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final StringBuilder text = new StringBuilder();
  private final String name;
  private final WebSocket socket;
  private final JsonObject welcome;

  private FakeEdge(Spillway server, String name, String epoch) {
    this.name = name;
    socket =
        HTTP.newWebSocketBuilder()
            .subprotocols(Wire.SUBPROTOCOL)
            .header("Authorization", "Bearer " + Spillway.TOKEN)
            .connectTimeout(LIMIT)
            .buildAsync(URI.create(server.wsUrl()), this)
            .join();
    send(Wire.encode(new Hello(name, epoch, 1)));
    welcome = new JsonObject(next());
  }

  /** One that was welcomed by {@code server}. */
  public static FakeEdge of(Site site, Spillway server, String name) {
    return of(site, server, name, "e");
  }

  /** One of that epoch, which still holds all its records from the first on. */
  public static FakeEdge of(Site site, Spillway server, String name, String epoch) {
    return site.own(new FakeEdge(server, name, epoch));
  }

  /** What the server said to the hello. */
  public JsonObject welcome() {
    return welcome;
  }

  /** Says anything. */
  public FakeEdge send(String message) {
    socket.sendText(message, true).join();
    return this;
  }

  /** Says how it is: its broker's fault, and how many records wait. */
  public FakeEdge tell(String fault, long queued) {
    return tell(fault, queued, 0, 0);
  }

  /** The same, and that it carried and had acknowledged so many before. */
  public FakeEdge tell(String fault, long queued, long carried, long acknowledged) {
    JsonObject counters =
        new JsonObject()
            .put("carried", carried)
            .put("received", queued)
            .put("queued", queued)
            .put("acknowledged", acknowledged);
    JsonArray roles =
        new JsonArray()
            .add(role("source", "spillway-" + name, fault).put("counters", new JsonObject()))
            .add(role("batcher", name, "").put("waiting", queued).put("counters", counters))
            .add(role("uplink", name, ""));
    return send(new JsonObject().put("type", "status").put("roles", roles).encode());
  }

  private JsonObject role(String role, String instance, String fault) {
    return new JsonObject()
        .put("role", role)
        .put("instance", instance)
        .put("process", "process of " + name)
        .put("fault", fault);
  }

  /** The next message from the server. */
  public String next() {
    try {
      String message = heard.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("nothing heard for " + LIMIT);
      }
      return message;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      heard.add(text.toString());
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    heard.add("closed with " + code + " " + reason);
    return null;
  }

  /** Cuts the connection. */
  @Override
  public void close() {
    socket.abort();
  }
}
