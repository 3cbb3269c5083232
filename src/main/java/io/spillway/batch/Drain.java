package io.spillway.batch;

import io.spillway.bus.Batch;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.config.BatchConfig;
import io.spillway.journal.Cursor;
import io.spillway.journal.Journal;
import io.spillway.journal.RejectedLog;
import io.spillway.journal.Slice;
import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the spool in batches and asks the uplink to forward them, several at a time and in order. A
 * batch goes when it is full, or a while after its oldest record came. What is acknowledged is let
 * go; when anything fails it begins again behind the last acknowledged record.
 */
final class Drain {
  private static final Logger log = LoggerFactory.getLogger(Drain.class);
  private static final int BATCHES_MAX = 64;
  private static final int BYTES_MAX = 4 << 20;
  private static final long AGAIN_AFTER_MS = 500;
  private static final long FINISH_WITHIN_MS = 5_000;

  private final Vertx vertx;
  private final SpoolIdentity identity;
  private final Journal journal;
  private final RejectedLog rejected;
  private final AcknowledgedPosition saved;
  private final BatchConfig config;
  private final BatchMetrics metrics;

  private Cursor cursor;

  /** Everything below is acknowledged by the server, or was dropped. */
  private long acknowledged;

  private long carried;
  private long begunAt;

  /** The next record to be read. */
  private long reading;

  /** When the record at {@link #reading} came, as nearly as it matters. */
  private long waitingSinceMs;

  /** Records that this drain has got rid of: acknowledged, or set aside. */
  private long done;

  /** When the server last acknowledged something, or when something began to wait for that. */
  private long progressAtMs;

  private boolean idle = true;
  private boolean busy;
  private boolean paused;
  private long timer = -1;
  private int batchesOut;
  private int bytesOut;

  /**
   * Counts the new beginnings: an answer to what was asked before one moves nothing but the mark.
   */
  private int round;

  private Promise<Void> empty;
  private boolean behind;

  Drain(
      Vertx vertx,
      SpoolIdentity identity,
      Journal journal,
      RejectedLog rejected,
      Path dir,
      BatchConfig config,
      BatchMetrics metrics) {
    this.vertx = vertx;
    this.identity = identity;
    this.journal = journal;
    this.rejected = rejected;
    this.saved = new AcknowledgedPosition(dir);
    this.config = config;
    this.metrics = metrics;
  }

  /** Blocking. */
  void open() throws IOException {
    acknowledged = Math.min(Math.max(saved.load(), journal.first()), journal.next());
    reading = acknowledged;
    begunAt = journal.next();
    carried = waiting(begunAt);
    cursor = journal.cursor(acknowledged);
  }

  /** Records that waited already when it was opened. */
  long carried() {
    return carried;
  }

  /** What the next record was called when it was opened. */
  long begunAt() {
    return begunAt;
  }

  /** Blocking. */
  void close() throws IOException {
    saved.save(acknowledged);
    cursor.close();
  }

  void start() {
    waitingSinceMs = System.currentTimeMillis();
    progressAtMs = waitingSinceMs;
    announce();
    pump();
  }

  /** A batch of no records makes the uplink say hello, so that the server knows of an idle edge. */
  private void announce() {
    Batch nothing = new Batch(identity.edge(), identity.epoch(), acknowledged, reading, Lines.NONE);
    Channels.BATCH_FORWARD
        .request(vertx, nothing)
        .onSuccess(this::acknowledged)
        .onFailure(error -> log.debug("[spool] not announced: {}", error.getMessage()));
  }

  /** Records that are in the spool and not acknowledged. */
  long waiting() {
    return waiting(journal.next());
  }

  /** The same, of a spool that ends in front of {@code next}. */
  long waiting(long next) {
    return Math.max(0, next - acknowledged);
  }

  /**
   * Of these, those that should be on their way: all but what is young and does not fill a batch.
   */
  long due() {
    boolean young = waiting() < config.maxRecords() && lagMs() < config.interval().toMillis();
    return young ? 0 : waiting();
  }

  long done() {
    return done;
  }

  /** Milliseconds without any progress while records wait; 0 while none does. */
  long lagMs() {
    return waiting() == 0 ? 0 : System.currentTimeMillis() - progressAtMs;
  }

  /** The server knows numbers that this spool has not given out: they would be given twice. */
  boolean isBehindServer() {
    return behind;
  }

  /** New records are on the disk. */
  void appended() {
    if (idle) {
      idle = false;
      progressAtMs = System.currentTimeMillis();
    }
    if (waitingSinceMs == 0) {
      waitingSinceMs = System.currentTimeMillis();
    }
    pump();
  }

  /** Of the oldest {@code dropped} records, those that nobody had acknowledged; goes on behind. */
  long lost(long dropped) {
    long first = journal.first();
    long lost = Math.max(0, Math.min(dropped, first - acknowledged));
    if (first > acknowledged) {
      acknowledged = first;
      again(0);
    }
    return lost;
  }

  /** Sends what is left at once; completes when it is acknowledged, or after a while. */
  Future<Void> finish() {
    empty = Promise.promise();
    if (waiting() == 0) {
      return Future.succeededFuture();
    }
    pump();
    long limit = vertx.setTimer(FINISH_WITHIN_MS, t -> empty.tryComplete());
    return empty
        .future()
        .onComplete(
            done -> {
              vertx.cancelTimer(limit);
              paused = true;
              log.info("[spool] {} records stay for the next start", waiting());
            });
  }

  private void pump() {
    long available = journal.next() - reading;
    if (busy || paused || available <= 0 || batchesOut >= BATCHES_MAX || bytesOut >= BYTES_MAX) {
      return;
    }
    long dueMs = waitingSinceMs + config.interval().toMillis() - System.currentTimeMillis();
    if (available < config.maxRecords() && dueMs > 0 && empty == null) {
      if (timer < 0) {
        timer = vertx.setTimer(dueMs, this::due);
      }
      return;
    }
    cancelTimer();
    read();
  }

  private void due(long fired) {
    timer = -1;
    pump();
  }

  private void read() {
    busy = true;
    int thisRound = round;
    vertx
        .executeBlocking(() -> cursor.read(config.maxRecords(), config.maxBytes()))
        .onComplete(
            slice -> {
              busy = false;
              if (round != thisRound) {
                again(0);
              } else if (slice.succeeded() && slice.result().first() > reading && batchesOut > 0) {
                again(AGAIN_AFTER_MS); // a hole: first what lies before it has to be acknowledged
              } else if (slice.failed()) {
                log.warn("[spool] cannot read: {}", slice.cause().getMessage());
                again(AGAIN_AFTER_MS);
              } else if (!slice.result().isEmpty()) {
                forward(slice.result());
                pump();
              }
            });
  }

  private void forward(Slice slice) {
    if (slice.first() > reading) {
      log.warn("[spool] {} to {} are not in the spool any more", reading, slice.first() - 1);
      acknowledged = slice.first();
    }
    Batch batch =
        new Batch(identity.edge(), identity.epoch(), acknowledged, slice.first(), slice.lines());
    reading = slice.next();
    waitingSinceMs = reading < journal.next() ? System.currentTimeMillis() : 0;
    int bytes = slice.lines().length();
    batchesOut++;
    bytesOut += bytes;
    int thisRound = round;
    Channels.BATCH_FORWARD
        .request(vertx, batch)
        .onComplete(
            reply -> {
              if (round == thisRound) {
                batchesOut--;
                bytesOut -= bytes;
              }
              if (reply.succeeded()) {
                acknowledged(reply.result());
                if (round == thisRound && reply.result() < batch.next()) {
                  again(0); // the rest of it was given back
                }
              } else if (round == thisRound) {
                failed(reply.cause());
              }
            });
  }

  private void acknowledged(long next) {
    long known = Math.min(next, journal.next());
    if (next > known && !behind) {
      behind = true;
      log.error(
          "[spool] the server has records up to {} of {}.{}, this spool gave out numbers only up to"
              + " {}: it is damaged, or was restored from a backup. Records that get those numbers"
              + " anew count as stored. Stop the edge and give it another edge.spool.dir",
          next - 1,
          identity.edge(),
          identity.epoch(),
          journal.next() - 1);
    }
    if (known > acknowledged) {
      metrics.acknowledged(known - acknowledged);
      done += known - acknowledged;
      acknowledged = known;
      progressAtMs = System.currentTimeMillis();
      idle = waiting() == 0;
      journal.release(known);
      saved.changed(vertx, known);
    }
    if (acknowledged > reading) {
      again(0);
    }
    if (empty != null && waiting() == 0) {
      empty.tryComplete();
    }
    pump();
  }

  private void failed(Throwable error) {
    switch (BusFailure.of(error)) {
      case GAP -> again(0);
      case TOO_LARGE -> setAside(error.getMessage());
      default -> again(AGAIN_AFTER_MS);
    }
  }

  /** The first record that is not acknowledged will never be: it must not hold up the others. */
  private void setAside(String reason) {
    round++;
    busy = true;
    long offset = acknowledged;
    log.warn("[spool] {}: kept in rejected.ndjson, and on with the next", reason);
    vertx
        .executeBlocking(() -> reject(offset, reason))
        .onSuccess(
            next -> {
              metrics.setAside();
              done++;
              acknowledged = Math.max(acknowledged, next);
            })
        .onFailure(error -> log.warn("[spool] cannot set aside: {}", error.getMessage()))
        .onComplete(
            done -> {
              busy = false;
              again(done.succeeded() ? 0 : AGAIN_AFTER_MS);
            });
  }

  private long reject(long offset, String reason) throws IOException {
    cursor.seek(offset);
    Slice one = cursor.read(1, 1);
    Lines line = one.lines();
    byte[] bytes = Arrays.copyOfRange(line.array(), line.from(), line.to() - 1);
    String id = identity.edge() + '.' + identity.epoch() + '.' + one.first();
    rejected.append(
        List.of(new Rejected(id, System.currentTimeMillis(), reason, bytes, bytes.length)));
    return one.next();
  }

  /** Begins again behind what is acknowledged. */
  private void again(long afterMs) {
    round++;
    batchesOut = 0;
    bytesOut = 0;
    reading = acknowledged;
    waitingSinceMs = Math.max(1, waitingSinceMs);
    if (busy) {
      return; // the read that is under way sees the new round
    }
    busy = true;
    int thisRound = round;
    Future<?> delay = afterMs == 0 ? Future.succeededFuture() : vertx.timer(afterMs);
    delay
        .compose(waited -> seek(acknowledged))
        .onComplete(
            sought -> {
              busy = false;
              if (round != thisRound || sought.failed()) {
                again(AGAIN_AFTER_MS);
              } else {
                pump();
              }
            });
  }

  private Future<Void> seek(long offset) {
    reading = offset;
    return vertx.executeBlocking(
        () -> {
          cursor.seek(offset);
          return null;
        });
  }

  private void cancelTimer() {
    if (timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }
}
