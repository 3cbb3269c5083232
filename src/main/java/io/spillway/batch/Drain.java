package io.spillway.batch;

import io.spillway.batch.Flight.Sent;
import io.spillway.batch.SendWindow.Oversized;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Fault;
import io.spillway.config.BatchConfig;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalFailure;
import io.spillway.journal.RejectedLog;
import io.spillway.journal.Slice;
import io.spillway.message.Lines;
import io.spillway.time.TimeSource;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the spool in batches and asks the uplink to forward them, as the {@link SendWindow}
 * decides; lets go of what is acknowledged. Here are the timers, the futures and the disk.
 */
final class Drain {
  private static final Logger log = LoggerFactory.getLogger(Drain.class);
  private static final long FINISH_WITHIN_MS = 5_000;

  private final Vertx vertx;
  private final Forwarding uplink;
  private final Journal journal;
  private final AcknowledgedPosition saved;
  private final BatchMetrics metrics;
  private final TimeSource time;
  private final SendWindow window;
  private final DrainProgress progress;
  private final SpoolReader reader;
  private final WakeUp wakeUp;
  private final long begunAt;
  private final long carried;
  private final Promise<Void> emptied = Promise.promise();

  /** Completes when nothing waits any more; null while it is not asked for. */
  private Promise<Void> empty;

  /** Older epochs go before it. */
  private boolean started;

  /**
   * The spool's end towards the uplink. Blocking.
   *
   * @param ahead told when the server knows numbers that this spool has not given out
   */
  Drain(
      Vertx vertx,
      Spool spool,
      RejectedLog rejected,
      BatchConfig config,
      BatchMetrics metrics,
      TimeSource time,
      Consumer<String> ahead)
      throws IOException {
    this.vertx = vertx;
    this.journal = spool.journal();
    this.uplink = new Forwarding(vertx, spool, why -> toldAhead(ahead, why), metrics);
    this.saved = new AcknowledgedPosition(spool.dir(), spool.identity(), journal::release);
    this.metrics = metrics;
    this.time = time;
    wakeUp = new WakeUp(vertx, this::step);
    begunAt = journal.next();
    long acknowledged = spool.acknowledged();
    carried = begunAt - acknowledged;
    progress = new DrainProgress(config, nowMs());
    window = new SendWindow(acknowledged, begunAt, config, progress, nowMs());
    reader =
        new SpoolReader(spool.identity(), journal.cursor(acknowledged), rejected, config, time);
  }

  /** An answer that comes late says nothing of the epoch that is sent now. */
  private void toldAhead(Consumer<String> ahead, String why) {
    if (started) {
      ahead.accept(why);
    }
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
    saved.close(window.acknowledged(), journal.next(), uplink.assured());
    reader.close();
  }

  /** Sends nothing more. */
  void stop() {
    wakeUp.cancel();
    started = false;
  }

  /** Begins to send what waits; completes when nothing does for the first time. */
  Future<Void> start() {
    started = true;
    journal.release(window.acknowledged()); // what could not be deleted the last time
    announce();
    step();
    return emptied.future();
  }

  /** A batch of no records makes the uplink say hello, so that the server knows of an idle edge. */
  private void announce() {
    uplink
        .forward(window.acknowledged(), window.position(), Lines.NONE)
        .onSuccess(next -> moved(window.acknowledged(next, nowMs())))
        .onFailure(error -> log.debug("[spool] not announced: {}", error.getMessage()));
  }

  /** Records that are in the spool and not acknowledged. */
  long waiting() {
    return waiting(journal.next());
  }

  /** The same, of a spool that ends in front of {@code next}. */
  long waiting(long next) {
    return Math.max(0, next - window.acknowledged());
  }

  /** Bytes of those: what they take of the room in the spool. */
  long waitingBytes() {
    return journal.bytesFrom(window.acknowledged());
  }

  /**
   * Room is needed: what waits goes at once.
   *
   * @return false if none is to be expected, see {@link DrainProgress#isMoving}
   */
  boolean makeRoom(long patienceMs) {
    window.hurry(nowMs());
    step();
    return progress.isMoving(patienceMs, nowMs());
  }

  /**
   * Of these, those that should be on their way: all but what is young and does not fill a batch.
   */
  long due() {
    return progress.due(waiting(), nowMs());
  }

  /** Records that this drain has got rid of: acknowledged, or set aside. */
  long done() {
    return progress.done();
  }

  long droppedUndecided() {
    return uplink.droppedUndecided();
  }

  /** Why the spool cannot be read, or not be sent; {@link Fault#NONE} if it can. */
  Fault fault() {
    return reader.fault().or(uplink.fault());
  }

  /** Milliseconds without any progress while records wait; 0 while none does. */
  long lagMs() {
    return progress.lagMs(waiting(), nowMs());
  }

  /** New records are on the disk. */
  void appended() {
    window.appended(journal.next(), nowMs());
    saved.changed(vertx, window.acknowledged(), journal.next(), uplink.assured());
    step();
  }

  /** Of the oldest {@code dropped} records, those that nobody had acknowledged; goes on behind. */
  long lost(long dropped) {
    long first = journal.first();
    long lost = window.dropped(first, dropped, nowMs());
    uplink.dropped(first - lost, first);
    step();
    return lost;
  }

  /** Sends what is left at once; completes when it is acknowledged, or after a while. */
  Future<Void> finish() {
    empty = Promise.promise();
    if (waiting() == 0 || !started) {
      return Future.succeededFuture();
    }
    window.finish();
    step();
    long limit = vertx.setTimer(FINISH_WITHIN_MS, t -> empty.tryComplete());
    return empty
        .future()
        .onComplete(
            done -> {
              vertx.cancelTimer(limit);
              window.stop();
              step();
              log.info("[spool] {} records stay for the next start", waiting());
            });
  }

  private void step() {
    if (!started) {
      return;
    }
    if (waiting() == 0) {
      emptied.tryComplete();
      if (empty != null) {
        empty.tryComplete();
      }
    }
    long nowMs = nowMs();
    switch (window.next(nowMs)) {
      case READ -> read();
      case SET_ASIDE -> setAside(window.oversized());
      case WAIT -> wakeUp.at(window.wakeAtMs(nowMs), nowMs);
      case NOTHING -> wakeUp.cancel();
    }
  }

  private void read() {
    wakeUp.cancel();
    long from = window.position();
    Blocking.run(vertx, () -> reader.read(from))
        .onSuccess(this::readBack)
        .onFailure(error -> window.cannotRead(nowMs()))
        .onComplete(done -> step());
  }

  private void readBack(Slice slice) {
    long before = window.acknowledged();
    Lines lines = slice.lines();
    Sent sent = window.read(slice.first(), lines.count(), lines.length(), nowMs());
    if (window.acknowledged() > before) {
      log.warn("[spool] {} to {} are not in the spool any more", before, slice.first() - 1);
    }
    if (sent != null) {
      forward(sent, lines);
    }
  }

  private void forward(Sent sent, Lines lines) {
    uplink
        .forward(window.acknowledged(), sent.first(), lines)
        .onSuccess(next -> moved(window.acknowledged(sent, next, nowMs())))
        .onFailure(error -> failed(sent, error));
  }

  private void failed(Sent sent, Throwable error) {
    switch (BusFailure.of(error)) {
      case GAP -> window.gap(sent, nowMs());
      case TOO_LARGE -> window.tooLarge(sent, error.getMessage(), nowMs());
      default -> window.failed(sent, nowMs());
    }
    step();
  }

  /** The server has everything that it has said, of which {@code count} records are new. */
  private void moved(long count) {
    if (count > 0) {
      metrics.acknowledged(count);
      saved.changed(vertx, window.acknowledged(), journal.next(), uplink.assured());
    }
    step();
  }

  private void setAside(Oversized record) {
    wakeUp.cancel();
    Blocking.run(vertx, () -> reader.setAside(record))
        .onSuccess(
            next -> {
              if (window.setAside(next, nowMs())) {
                metrics.setAside();
              }
            })
        .onFailure(
            error -> {
              log.warn("[spool] cannot set aside: {}", JournalFailure.words(error));
              window.cannotSetAside(nowMs());
            })
        .onComplete(done -> step());
  }

  private long nowMs() {
    return time.monotonicMs();
  }
}
