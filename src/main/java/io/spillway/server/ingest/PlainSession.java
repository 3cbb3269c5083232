package io.spillway.server.ingest;

import io.spillway.bus.StoreRequest.Plain;
import io.spillway.message.JsonText;
import io.spillway.message.PlainText;
import io.spillway.server.part.ReceiveBudget;
import io.spillway.time.TimeSource;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;

/**
 * Any WebSocket client that sends JSON: an object, an array, or NDJSON lines. It gets no
 * acknowledgement, but an answer when something is not JSON.
 */
final class PlainSession extends Session {
  private final String peer;
  private final TimeSource time;
  private final PlainText reader = new PlainText();

  PlainSession(
      Vertx vertx,
      ServerWebSocket socket,
      int messageBytesMax,
      IngestMetrics metrics,
      ReceiveBudget budget,
      TimeSource time) {
    super(vertx, socket, messageBytesMax, metrics, budget, time);
    this.time = time;
    peer = String.valueOf(socket.remoteAddress());
  }

  @Override
  void message(byte[] bytes) {
    metrics.message();
    PlainText.Result read = reader.read(bytes, peer, time.wallMs());
    store(new Plain(read.lines(), read.rejected()), bytesOf(bytes, read))
        .onSuccess(
            stored ->
                read.rejected()
                    .forEach(
                        rejected ->
                            sendIfRead(
                                "{\"type\":\"error\",\"reason\":\""
                                    + JsonText.escape(rejected.reason())
                                    + "\"}")))
        .onFailure(this::refused);
  }

  /** What waits for the disk: an array of numbers becomes much longer as records. */
  private static int bytesOf(byte[] bytes, PlainText.Result read) {
    return Math.max(bytes.length, read.lines().length());
  }
}
