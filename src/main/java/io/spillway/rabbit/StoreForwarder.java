package io.spillway.rabbit;

import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.Fault;
import io.spillway.bus.StoreRequest.Plain;
import io.spillway.message.EventWriter;
import io.spillway.message.Lines;
import io.spillway.retry.OutageLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Has messages stored, one chunk after the other and in order, and acknowledges each chunk when it
 * is on disk. What the store refuses is tried again before anything else. On one event loop.
 */
final class StoreForwarder {
  private static final int CHUNK_MESSAGES = 1_000;
  private static final long CHUNK_BYTES = 1 << 20;
  private static final long AGAIN_AFTER_MS = 500;
  private static final long FINISH_WITHIN_MS = 5_000;

  private final Vertx vertx;
  private final RabbitMetrics metrics;
  private final StoredIds stored;
  private final JournalTail tail;
  private final EventWriter writer = new EventWriter();
  private final OutageLog store =
      new OutageLog(LoggerFactory.getLogger(StoreForwarder.class), "[rabbit] store:");

  private final Deque<Delivery> waiting = new ArrayDeque<>();
  private RabbitLink link;
  private EventChunk chunk;
  private Promise<Void> finished;

  StoreForwarder(Vertx vertx, RabbitMetrics metrics, StoredIds stored, JournalTail tail) {
    this.vertx = vertx;
    this.metrics = metrics;
    this.stored = stored;
    this.tail = tail;
  }

  /**
   * Messages come from this link from now on. What came on another and is not on its way to the
   * disk is forgotten: the broker delivers it again.
   */
  void from(RabbitLink other) {
    link = other;
    waiting.clear();
  }

  /** Takes messages, in order. */
  void add(RabbitLink from, List<Delivery> deliveries) {
    if (from == link && finished == null) {
      waiting.addAll(deliveries);
      handOver();
    }
  }

  /** Messages received and not yet acknowledged. */
  int waiting() {
    return waiting.size() + (chunk == null ? 0 : chunk.messages());
  }

  /** Why messages are held back; {@link Fault#NONE} if they are not. */
  Fault fault() {
    return store.fault();
  }

  /**
   * Completes when what is on its way to the disk is there, or cannot be stored; the broker has all
   * the rest still.
   */
  Future<Void> finish() {
    finished = Promise.promise();
    waiting.clear();
    if (chunk == null || store.reason() != null) {
      finished.complete();
    }
    long limit = vertx.setTimer(FINISH_WITHIN_MS, timer -> finished.tryComplete());
    return finished.future().onComplete(done -> vertx.cancelTimer(limit));
  }

  private void handOver() {
    if (chunk != null || waiting.isEmpty()) {
      return;
    }
    List<Delivery> some = new ArrayList<>();
    long bytes = 0;
    do {
      Delivery next = waiting.removeFirst();
      bytes += next.size();
      some.add(next);
    } while (!waiting.isEmpty() && some.size() < CHUNK_MESSAGES && bytes < CHUNK_BYTES);
    chunk = new EventChunk(link, some);
    offer();
  }

  /** Whatever fails, be it by an exception, is tried again: the chunk would stay here for ever. */
  private void offer() {
    Future.succeededFuture(chunk)
        .compose(
            formed -> {
              formed.form(writer, stored);
              return keepRejected();
            })
        .compose(kept -> storeLines())
        .map(done -> settled())
        .onSuccess(done -> handOver())
        .onFailure(error -> refused(BusFailure.fault(error)));
  }

  // First and on its own: what is kept aside is kept once, however often the lines are refused.
  private Future<Void> keepRejected() {
    if (chunk.unkept().isEmpty()) {
      return Future.succeededFuture();
    }
    return Channels.BATCH_STORE
        .requestOnce(vertx, new Plain(Lines.NONE, chunk.unkept()))
        .onSuccess(kept -> chunk.rejectedAreKept())
        .mapEmpty();
  }

  private Future<Void> storeLines() {
    if (chunk.lines().isEmpty()) {
      return Future.succeededFuture();
    }
    return Channels.BATCH_STORE
        .requestOnce(vertx, new Plain(chunk.lines(), List.of()))
        .onSuccess(answer -> tail.reached(answer.offset()))
        .mapEmpty();
  }

  private Void settled() {
    store.up();
    stored.addAll(chunk.ids());
    chunk.link().acknowledge(chunk.lastTag(), chunk.bytes());
    metrics.settled(chunk);
    chunk = null;
    if (finished != null) {
      finished.tryComplete();
    }
    return null;
  }

  private void refused(Fault why) {
    store.down(why);
    if (finished != null) {
      finished.tryComplete();
      return;
    }
    vertx.setTimer(AGAIN_AFTER_MS, timer -> again());
  }

  /** A part of it may be in the journal all the same. */
  private void again() {
    tail.read().onSuccess(read -> offer()).onFailure(error -> refused(BusFailure.fault(error)));
  }
}
