package io.spillway.batch;

import io.spillway.bus.Batch;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channel;
import io.spillway.bus.Channels;
import io.spillway.bus.Fault;
import io.spillway.bus.Forwarded;
import io.spillway.bus.Origin;
import io.spillway.journal.JournalFailure;
import io.spillway.message.Lines;
import io.spillway.retry.OutageLog;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the uplink: says whose batches these are and how far this spool's numbers go, and
 * takes no answer but the one to what was asked.
 *
 * <p>Before any record the spool is announced, and records wait for the answer: the server has
 * welcomed this epoch, and is where the spool has been, and not beyond. Until then it can have
 * nothing but what was given out before the spool was opened, and from then on nothing but what was
 * forwarded besides. So every batch says truly how far a server can be ({@link Batch#end}), and one
 * that is farther has records of a spool that was longer than this one.
 */
final class Forwarding {
  private static final Logger log = LoggerFactory.getLogger(Forwarding.class);

  private final Vertx vertx;
  private final Channel<Batch, Forwarded> uplink;
  private final AcknowledgedEpoch memory;
  private final Consumer<String> ahead;
  private final DroppedNumbers dropped;
  private final DroppedUnderWay underWay = new DroppedUnderWay();
  private final BatchMetrics metrics;
  private final OutageLog noting = new OutageLog(log, "[spool]");
  private Origin origin;

  /** What a server can have at most: what was given out before, and what was forwarded since. */
  private long end;

  /** Below it a server has everything, as it has said itself. */
  private volatile long assured;

  /** The answer to the latest announcement; null before the first. */
  private Future<Long> announced;

  private final Set<Held> held = new HashSet<>();

  /** Records that wait for that answer. */
  private static final class Held {
    private final long oldest;
    private final long first;

    /** Null when they were let go of. */
    private Lines lines;

    Held(long oldest, long first, Lines lines) {
      this.oldest = oldest;
      this.first = first;
      this.lines = lines;
    }
  }

  /**
   * Blocking.
   *
   * @param ahead told when the server knows more of this epoch, numbers or a key, than is here
   * @param metrics told what the server turns out to have that counts as dropped
   */
  Forwarding(Vertx vertx, Spool spool, Consumer<String> ahead, BatchMetrics metrics)
      throws IOException {
    this.vertx = vertx;
    end = spool.end();
    this.ahead = ahead;
    this.metrics = metrics;
    dropped = spool.dropped();
    SpoolIdentity identity = spool.identity();
    uplink = Channels.batchForward(identity.edge());
    memory = new AcknowledgedEpoch(spool.dir());
    assured = spool.assured();
    boolean acknowledged = memory.is(identity.epoch());
    origin = new Origin(identity.edge(), identity.epoch(), spool.key(), acknowledged);
  }

  /**
   * Sends a batch on; succeeds when the server has everything below the number that is answered. Of
   * no records, it only announces the spool, so that the server knows of an idle edge.
   *
   * @param oldest the lowest sequence number that is still held
   */
  Future<Long> forward(long oldest, long first, Lines lines) {
    if (announced == null || announced.failed()) {
      announced = request(oldest, oldest, Lines.NONE);
    }
    if (lines.isEmpty()) {
      return announced;
    }
    return announced.isComplete()
        ? announced.compose(welcomed -> request(oldest, first, lines))
        : afterWelcome(new Held(oldest, first, lines));
  }

  private Future<Long> afterWelcome(Held records) {
    held.add(records);
    return announced
        .onComplete(answered -> held.remove(records))
        .compose(
            welcomed ->
                records.lines == null
                    ? droppedMeanwhile()
                    : request(records.oldest, records.first, records.lines));
  }

  private static Future<Long> droppedMeanwhile() {
    return Future.failedFuture(BusFailure.UNAVAILABLE.because("dropped meanwhile"));
  }

  /**
   * These were dropped, and nobody had acknowledged them: what is sent begins anew behind them, and
   * what waits for the welcome is let go of. A server may be away for long, and drops be many.
   */
  void dropped(long first, long next) {
    dropped.wereUnderWay(first, next).forEach(underWay::dropped);
    held.forEach(records -> records.lines = null);
    held.clear();
  }

  /** What counts as dropped and may be at the server all the same. Any thread may ask. */
  long droppedUndecided() {
    return dropped.noted().undecidedCount();
  }

  /** Below it a server has everything, as it has said itself. Any thread may ask. */
  long assured() {
    return assured;
  }

  private Future<Long> request(long oldest, long first, Lines lines) {
    if (!lines.isEmpty() && !dropped.sending(first, first + lines.count())) {
      return droppedMeanwhile();
    }
    end = Math.max(end, Math.max(oldest, first + lines.count()));
    DroppedRanges noted = dropped.noted();
    long undecided = Math.min(oldest, noted.undecided());
    long assuredFrom = noted.droppedBelow(assured);
    Batch batch = new Batch(origin, oldest, undecided, end, assured, assuredFrom, first, lines);
    return uplink
        .request(vertx, batch)
        .compose(answer -> checked(batch, answer))
        .onFailure(this::failed);
  }

  private void failed(Throwable error) {
    if (BusFailure.of(error) == BusFailure.AHEAD) {
      ahead.accept(error.getMessage());
    }
  }

  private Future<Long> checked(Batch batch, Forwarded answer) {
    if (!batch.isAnsweredBy(answer)) {
      return Future.failedFuture(
          BusFailure.UNAVAILABLE.because("an answer to a batch of " + answer.edge()));
    }
    if (!answer.acknowledged()) {
      return Future.succeededFuture(answer.next());
    }
    assured = Math.max(assured, Math.max(answer.next(), answer.assured()));
    dropped.assured(assured);
    if (!origin.acknowledged()) {
      remember();
    }
    return settled(batch, assured).map(noted -> answer.next());
  }

  /**
   * What was dropped while it was under way, the server has below {@code stored}, or once had;
   * where it answers records with a number in front of them, it has none of those between. That is
   * on disk before anything is let go of, or stepped over, because of this answer: where it cannot
   * be, this is no answer.
   */
  private Future<Void> settled(Batch batch, long stored) {
    long decided = batch.lines().isEmpty() ? stored : Math.max(stored, batch.first());
    Future<Void> noted =
        dropped.isPending()
            ? Blocking.<Void>run(
                vertx,
                () -> {
                  dropped.settle(stored, decided);
                  return null;
                })
            : Future.succeededFuture();
    return noted
        .onSuccess(
            done -> {
              noting.up();
              count(underWay.settle(stored, decided));
            })
        .recover(
            error -> {
              Fault why = Fault.disk(error);
              noting.down(
                  why.as(
                      "what was dropped is not noted, and until it is, nothing goes on: "
                          + why.words()));
              return Future.failedFuture(BusFailure.UNAVAILABLE.because(noting.reason()));
            });
  }

  /** Why nothing goes on, though the server answers; {@link Fault#NONE} otherwise. */
  Fault fault() {
    return noting.fault();
  }

  private void count(long stored) {
    if (stored > 0) {
      log.info("[spool] the server has {} of the records that were dropped under way", stored);
      metrics.storedAfterAll(stored);
    }
  }

  /** Nobody waits for it: the uplink that has seen it knows it until it is started again. */
  private void remember() {
    origin = new Origin(origin.edge(), origin.epoch(), origin.key(), true);
    String epoch = origin.epoch();
    Blocking.run(
            vertx,
            () -> {
              memory.remember(epoch);
              return null;
            })
        .onFailure(error -> log.warn("[spool] not noted: {}", JournalFailure.words(error)));
  }
}
