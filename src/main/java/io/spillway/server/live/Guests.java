package io.spillway.server.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.StoreRequest.Plain;
import io.spillway.message.PlainText;
import io.spillway.wire.CloseCode;
import io.vertx.core.Vertx;

/**
 * Records from clients of an open server, one without tokens on loopback: there a connection may
 * send and receive, and what is no command is data.
 */
final class Guests {
  private static final int STORING_BYTES_MAX = 4 << 20;

  private final Vertx vertx;
  private final PlainText reader = new PlainText();
  private final Counter messages;

  Guests(Vertx vertx, MeterRegistry registry) {
    this.vertx = vertx;
    this.messages = registry.counter("spillway.ingest.messages");
  }

  /** Stores what the client sent; it is not read from while too much waits for the disk. */
  void store(LiveClient client, byte[] bytes) {
    messages.increment();
    PlainText.Result read = reader.read(bytes, client.visit.peer(), System.currentTimeMillis());
    client.storing += bytes.length;
    if (client.storing > STORING_BYTES_MAX) {
      client.reading(false);
    }
    Channels.BATCH_STORE
        .request(vertx, new Plain(read.lines(), read.rejected()))
        .onSuccess(
            stored -> read.rejected().forEach(bad -> client.send(Messages.error(bad.reason()))))
        .onFailure(error -> refused(client, error))
        .onComplete(
            settled -> {
              client.storing -= bytes.length;
              if (client.storing <= STORING_BYTES_MAX / 2) {
                client.reading(true);
              }
            });
  }

  private static void refused(LiveClient client, Throwable error) {
    CloseCode code =
        BusFailure.of(error) == BusFailure.TOO_LARGE ? CloseCode.TOO_BIG : CloseCode.TRY_LATER;
    client.close(code, "cannot store now: " + error.getMessage());
  }
}
