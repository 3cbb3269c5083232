package io.spillway.server.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.StoreRequest.Plain;
import io.spillway.message.PlainText;
import io.spillway.message.Rejected;
import io.spillway.server.part.ReceiveBudget;
import io.spillway.time.TimeSource;
import io.spillway.wire.CloseCode;
import io.vertx.core.Vertx;
import java.util.List;

/**
 * Records from clients of an open server, one without tokens on loopback: there a connection may
 * send and receive, and what is no command is data.
 */
final class OpenIngest {
  /** Lines of one message that are each answered with an error. */
  private static final int ERRORS_MAX = 100;

  private final Vertx vertx;
  private final TimeSource time;
  private final PlainText reader = new PlainText();
  private final Counter messages;
  private final Counter unsent;

  OpenIngest(Vertx vertx, MeterRegistry registry, TimeSource time) {
    this.vertx = vertx;
    this.time = time;
    this.messages = registry.counter("spillway.ingest.messages");
    this.unsent = registry.counter("spillway.ingest.unsent");
  }

  /** Stores what the client sent; it is not read from while too much waits for the disk. */
  void store(LiveClient client, byte[] bytes) {
    messages.increment();
    client.sends();
    PlainText.Result read = reader.read(bytes, client.admission.peer(), time.wallMs());
    int longer = Math.max(bytes.length, read.lines().length()); // an array of numbers grows
    int waiting = ReceiveBudget.ofMessage(longer);
    client.share.storing(waiting);
    Channels.BATCH_STORE
        .request(vertx, new Plain(read.lines(), read.rejected()))
        .onSuccess(stored -> tell(client, read.rejected()))
        .onFailure(error -> refused(client, error))
        .onComplete(settled -> client.share.settled(waiting));
  }

  private void tell(LiveClient client, List<Rejected> rejected) {
    rejected.stream().limit(ERRORS_MAX).forEach(bad -> tell(client, bad.reason()));
    if (rejected.size() > ERRORS_MAX) {
      tell(client, "and " + (rejected.size() - ERRORS_MAX) + " more lines");
    }
  }

  /** Unless too much waits already: it may not read at all. */
  private void tell(LiveClient client, String problem) {
    if (client.isWritable()) {
      client.send(LiveMessages.error(problem));
    } else {
      unsent.increment();
    }
  }

  private static void refused(LiveClient client, Throwable error) {
    CloseCode code =
        BusFailure.of(error) == BusFailure.TOO_LARGE ? CloseCode.TOO_BIG : CloseCode.TRY_LATER;
    client.close(code, "cannot store now: " + error.getMessage());
  }
}
