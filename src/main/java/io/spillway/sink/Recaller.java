package io.spillway.sink;

import io.spillway.bus.Channels;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.config.SinkConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what became of records over which the position has moved without an answer. They are
 * read from the journal once more, which nobody need hold in memory for that.
 */
final class Recaller {
  private static final Logger log = LoggerFactory.getLogger(Recaller.class);

  private final Vertx vertx;
  private final SinkConfig config;
  private final Destination destination;

  Recaller(Vertx vertx, SinkConfig config, Destination destination) {
    this.vertx = vertx;
    this.config = config;
    this.destination = destination;
  }

  /** What became of those below {@code upTo}. */
  record Recalled(long upTo, Written written) {}

  /** Of the first of them, at least of one. */
  Future<Recalled> ask(SinkStep.Recall lost) {
    if (!lost.isAsked()) {
      String why = "it could not be asked for them, %d times".formatted(LostAnswers.FAILURES_MAX);
      return Future.succeededFuture(unseen(lost.first(), lost.next(), why));
    }
    int records = (int) Math.min(lost.next() - lost.first(), config.batchRecords());
    return Channels.RECORDS_READ
        .request(vertx, new ReadRequest(lost.first(), records, config.batchBytes()))
        .compose(held -> ask(lost, held));
  }

  private Future<Recalled> ask(SinkStep.Recall lost, Records held) {
    if (held.lines().isEmpty() || held.first() > lost.first()) {
      long upTo = Math.min(lost.next(), Math.max(held.first(), held.oldest()));
      long end = upTo > lost.first() ? upTo : lost.next(); // what it does not give, it never may
      return Future.succeededFuture(
          unseen(lost.first(), end, "the journal does not have them any more"));
    }
    SinkBatch batch = new SinkBatch(held.first(), held.first(), held.lines());
    return destination.recall(batch).map(written -> new Recalled(batch.next(), written));
  }

  private Recalled unseen(long first, long next, String why) {
    log.warn(
        "[{}] {}: the answer for {} records from offset {} was lost, and {}; they are counted as"
            + " present, as the position has moved over them",
        destination.name(),
        destination.address(),
        next - first,
        first,
        why);
    return new Recalled(next, Written.unseen((int) (next - first)));
  }
}
