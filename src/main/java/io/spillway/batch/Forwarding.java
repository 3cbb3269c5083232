package io.spillway.batch;

import io.spillway.bus.Batch;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channel;
import io.spillway.bus.Channels;
import io.spillway.bus.Forwarded;
import io.spillway.bus.Origin;
import io.spillway.message.Lines;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the uplink: says whose batches these are and how far this spool's numbers go, and
 * takes no answer but the one to what was asked.
 */
final class Forwarding {
  private static final Logger log = LoggerFactory.getLogger(Forwarding.class);

  private final Vertx vertx;
  private final Channel<Batch, Forwarded> uplink;
  private final AcknowledgedEpoch memory;
  private final LongSupplier end;
  private Origin origin;

  /**
   * Blocking.
   *
   * @param key what proves whose records they are; null if there is none
   * @param end the lowest sequence number that is not given out; {@link Batch#UNPROVEN} if that is
   *     not sure
   */
  Forwarding(Vertx vertx, SpoolIdentity identity, String key, Path dir, LongSupplier end)
      throws IOException {
    this.vertx = vertx;
    this.end = end;
    uplink = Channels.batchForward(identity.edge());
    memory = new AcknowledgedEpoch(dir);
    origin = new Origin(identity.edge(), identity.epoch(), key, memory.is(identity.epoch()));
  }

  /**
   * Sends a batch on; succeeds when the server has everything below the number that is answered.
   *
   * @param oldest the lowest sequence number that is still held
   */
  Future<Long> forward(long oldest, long first, Lines lines) {
    Batch batch = new Batch(origin, oldest, end.getAsLong(), first, lines);
    return uplink.request(vertx, batch).compose(answer -> checked(batch, answer));
  }

  private Future<Long> checked(Batch batch, Forwarded answer) {
    if (!batch.isAnsweredBy(answer)) {
      return Future.failedFuture(
          BusFailure.UNAVAILABLE.because("an answer to a batch of " + answer.edge()));
    }
    if (answer.acknowledged() && !origin.acknowledged()) {
      remember();
    }
    return Future.succeededFuture(answer.next());
  }

  /** Nobody waits for it: the uplink that has seen it knows it until it is started again. */
  private void remember() {
    origin = new Origin(origin.edge(), origin.epoch(), origin.key(), true);
    String epoch = origin.epoch();
    vertx
        .executeBlocking(
            () -> {
              memory.remember(epoch);
              return null;
            })
        .onFailure(error -> log.warn("[spool] {} not noted: {}", epoch, error.getMessage()));
  }
}
