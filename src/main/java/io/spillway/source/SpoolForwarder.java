package io.spillway.source;

import io.spillway.bus.BusFailure;
import io.spillway.bus.Channel;
import io.spillway.bus.Channels;
import io.spillway.bus.Chunk;
import io.spillway.bus.Fault;
import io.spillway.message.Enricher;
import io.spillway.message.RejectedPayload;
import io.spillway.redelivery.UnderWay;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Gathers messages and hands them to the batcher, one chunk after the other: a refused chunk is
 * offered again before anything else, so the order stays. The reply releases the answers to the
 * broker: PUBACK, or PUBREC and, when the release has been handed over too, PUBCOMP. What waits is
 * bounded: beyond it the socket is not read, and TCP's flow control makes the broker wait
 * (back-pressure).
 */
final class SpoolForwarder {
  private static final int WAITING_MAX = 20_000;
  private static final int BYTES_MAX = 4 << 20;

  /** A chunk that holds so much takes no more: the spool appends a chunk in one go. */
  private static final int CHUNK_BYTES = 1 << 20;

  private static final long AGAIN_AFTER_MS = 500;
  private static final long FINISH_WITHIN_MS = 5_000;

  private final Vertx vertx;
  private final Channel<Chunk, Boolean> spool;
  private final long lingerNanos;
  private final TimeSource time;
  private final Enricher enricher;
  private final Rejections rejections;
  private final Fingerprint fingerprint = new Fingerprint();
  private final ArrivalRate arrivalRate;

  /** Oldest first; messages are added to the last one. Several when one is full. */
  private final Deque<PendingChunk> gatherings = new ArrayDeque<>();

  private final UnderWay underWay = new UnderWay();
  private BrokerConnection connection;
  private int waiting;
  private long waitingBytes;
  private long acknowledged;
  private int arrivedThisTurn;
  private boolean handingOver;
  private Fault fault = Fault.NONE;
  private Promise<Void> empty;

  SpoolForwarder(
      Vertx vertx,
      String edge,
      LingerPolicy lingerPolicy,
      Enricher enricher,
      Rejections rejections,
      TimeSource time) {
    this.vertx = vertx;
    spool = Channels.readingIn(edge);
    this.enricher = enricher;
    this.rejections = rejections;
    this.time = time;
    this.lingerNanos = lingerPolicy.linger().toNanos();
    this.arrivalRate = new ArrivalRate(lingerPolicy.fromPerSecond());
  }

  /**
   * Messages come from this connection from now on.
   *
   * @param number of the connection
   * @param knownMake the broker is of a make that counts its packet identifiers up
   */
  void from(BrokerConnection current, int number, boolean newSession, boolean knownMake) {
    connection = current;
    underWay.connected(newSession, knownMake);
    gatherings.addLast(new PendingChunk(connection, number, newSession));
    if (newSession) {
      gatherings.addLast(gatherings.peekLast().next()); // that it is one is never left out
    }
    handOver();
  }

  /** What is under way to here. */
  UnderWay underWay() {
    return underWay;
  }

  /** Takes a message; nothing is sent before the turn has ended. */
  void add(Received message) {
    arrivedThisTurn++;
    if (message.qos() == 0) {
      gather(message, 0);
      return;
    }
    long known = fingerprint.of(message.packetId(), message.topic(), message.payload());
    if (message.qos() == 2) {
      underWay.held(message.packetId(), message.dup(), known);
    } else if (underWay.isCopy(message.packetId(), message.dup(), known)) {
      gatherings.peekLast().addCopy();
      return;
    }
    gather(message, known);
  }

  /** Takes the release of an identifier, as a message: nothing is sent before it is handed over. */
  void release(int packetId) {
    underWay.released(packetId);
    gatherings.peekLast().addRelease(packetId);
    waiting++;
    holdIfTooMuch();
  }

  private void gather(Received message, long known) {
    PendingChunk open = gatherings.peekLast();
    if (open.bytes() > 0 && open.bytes() + message.payload().length > CHUNK_BYTES) {
      open = open.next();
      gatherings.addLast(open);
    }
    int bytes = open.bytes();
    RejectedPayload why = open.add(message, known, enricher);
    if (why != null) {
      rejections.add(message.topic(), why);
    }
    waiting++;
    waitingBytes += open.bytes() - bytes;
    holdIfTooMuch();
  }

  private void holdIfTooMuch() {
    if (waiting >= WAITING_MAX || waitingBytes >= BYTES_MAX) {
      connection.hold(true);
    }
  }

  /** All that could be read has been read. */
  void turnEnded() {
    arrivalRate.arrived(arrivedThisTurn, time.nanoTime());
    arrivedThisTurn = 0;
    connection.pace(arrivalRate.pending() ? lingerNanos : 0);
    handOver();
  }

  /** Why messages are held back; {@link Fault#NONE} if they are not. */
  Fault fault() {
    return fault;
  }

  /** Messages, and releases, that are not in the spool yet. */
  int waiting() {
    return waiting;
  }

  /** Messages that are in the spool, and acknowledged to the broker. */
  long acknowledged() {
    return acknowledged;
  }

  /**
   * Completes when nothing waits any more, or the spool refuses or is silent: the broker has it
   * still.
   */
  Future<Void> finish() {
    empty = Promise.promise();
    long limit = vertx.setTimer(FINISH_WITHIN_MS, timer -> empty.tryComplete());
    handOver();
    return empty.future().onComplete(done -> vertx.cancelTimer(limit));
  }

  private void handOver() {
    if (handingOver) {
      return;
    }
    while (gatherings.size() > 1 && gatherings.peekFirst().isEmpty()) {
      PendingChunk dropped = gatherings.removeFirst();
      gatherings.peekFirst().addCopiesOf(dropped);
    }
    PendingChunk oldest = gatherings.peekFirst();
    if (oldest == null || oldest.isEmpty()) {
      if (empty != null) {
        empty.tryComplete();
      }
    } else {
      dispatch();
    }
  }

  private void dispatch() {
    PendingChunk oldest = gatherings.removeFirst();
    if (gatherings.isEmpty()) {
      gatherings.addLast(oldest.next());
    }
    handingOver = true;
    offer(oldest, oldest.chunk(underWay.habit()));
  }

  private void offer(PendingChunk pending, Chunk chunk) {
    spool
        .request(vertx, chunk)
        .onSuccess(stored -> taken(pending))
        .onFailure(error -> refused(pending, chunk, error));
  }

  private void taken(PendingChunk pending) {
    fault = Fault.NONE;
    handingOver = false;
    answer(pending);
    acknowledged += pending.messages();
    waiting -= pending.size();
    waitingBytes -= pending.bytes();
    if (waiting < WAITING_MAX / 2 && waitingBytes < BYTES_MAX / 2 && empty == null) {
      connection.hold(false);
    }
    handOver();
  }

  private void answer(PendingChunk pending) {
    int[] answers = pending.answers();
    pending.connection.answer(answers);
    if (pending.connection == connection) {
      for (int answer : answers) {
        switch (Answer.kind(answer)) {
          case Answer.PUBACK -> underWay.acknowledged(Answer.packetId(answer));
          case Answer.PUBCOMP -> underWay.completed(Answer.packetId(answer));
          default -> {} // PUBREC: there is more to come
        }
      }
    }
  }

  private void refused(PendingChunk pending, Chunk chunk, Throwable error) {
    fault = BusFailure.fault(error);
    if (empty != null) {
      empty.tryComplete();
      return;
    }
    boolean maybeStored = BusFailure.of(error).maybeStored();
    vertx.setTimer(AGAIN_AFTER_MS, timer -> offer(pending, maybeStored ? chunk.repeated() : chunk));
  }
}
