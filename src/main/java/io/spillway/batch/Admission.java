package io.spillway.batch;

import io.spillway.bus.BusFailure;
import io.spillway.bus.Chunk;
import io.spillway.bus.Connecting;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.SpoolConfig;
import io.spillway.config.WhenFull;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalFailure;
import io.spillway.retry.DiskOutage;
import io.spillway.retry.OutageLog;
import io.spillway.retry.RateLimitedLog;
import io.spillway.time.TimeSource;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets into the spool what sources offer, one after the other: as much of a chunk as there is room
 * for, without what is there already.
 */
final class Admission {
  private static final Logger log = LoggerFactory.getLogger(Admission.class);
  private static final long RESUME_AFTER_MS = 500;
  private static final long LOOK_FOR_ROOM_MS = 20;

  /** So long after it came a chunk waits for no room, and nothing more is begun of it. */
  private static final long HOLD_MS = 5_000;

  private final Vertx vertx;
  private final SpoolConfig spool;
  private final Journal journal;
  private final IntakeWriter writer;
  private final Connections connections;
  private final Drain drain;
  private final SpoolRoom room;
  private final BatchMetrics metrics;
  private final TimeSource time;
  private final DiskOutage disk = new DiskOutage(log, "[spool] disk:");
  private final RateLimitedLog drops = new RateLimitedLog(log);
  private final OutageLog fullness = new OutageLog(log, "[spool] room:");
  private Future<?> last = Future.succeededFuture();
  private boolean broken;
  private boolean stopped;

  Admission(
      Vertx vertx,
      SpoolConfig spool,
      Journal journal,
      IntakeWriter writer,
      Connections connections,
      Drain drain,
      SpoolRoom room,
      BatchMetrics metrics,
      TimeSource time) {
    this.vertx = vertx;
    this.spool = spool;
    this.journal = journal;
    this.writer = writer;
    this.connections = connections;
    this.drain = drain;
    this.room = room;
    this.metrics = metrics;
    this.time = time;
  }

  /** Succeeds when all of it is on the disk, or left out as configured. */
  Future<Boolean> offer(Chunk chunk) {
    long holdUntilMs = time.monotonicMs() + HOLD_MS;
    return inTurn(() -> take(chunk, holdUntilMs));
  }

  /** Numbers a connection to the broker, as {@link Connections#begin} says. */
  Future<Integer> number(Connecting next) {
    return inTurn(() -> begin(next));
  }

  /** Completes when what was offered is stored or refused. */
  Future<?> settled() {
    return last.otherwiseEmpty();
  }

  /** Lets nothing more in: the sources offer it again. Completes as {@link #settled}. */
  Future<?> stop() {
    stopped = true;
    return settled();
  }

  /** Why nothing is let in; {@link Fault#NONE} if it is. */
  Fault fault() {
    if (!broken) {
      disk.look(journal.gone());
    }
    return disk.fault().or(fullness.fault());
  }

  private <T> Future<T> inTurn(Supplier<Future<T>> next) {
    Future<T> mine = last.transform(settled -> stopped ? notNow() : next.get());
    last = mine;
    return mine;
  }

  private static <T> Future<T> notNow() {
    return Future.failedFuture(BusFailure.UNAVAILABLE.because("a new epoch of the spool begins"));
  }

  private Future<Integer> begin(Connecting next) {
    return broken ? unwritable() : connections.begin(next, writer::remember).recover(this::failed);
  }

  private Future<Boolean> take(Chunk chunk, long holdUntilMs) {
    ChunkParts parts = room.divide(chunk, connections.memo());
    return take(parts, holdUntilMs)
        .recover(
            error ->
                Future.failedFuture(
                    parts.isBegun()
                        ? BusFailure.of(error).inPart().because(error.getMessage())
                        : error));
  }

  /** A loop, as what needs no disk needs no future: a chunk may be left out message by message. */
  private Future<Boolean> take(ChunkParts parts, long holdUntilMs) {
    while (!parts.isDone()) {
      if (broken) {
        return unwritable();
      }
      Chunk part = room.head(parts);
      Intake intake = Intake.of(part, connections.memo());
      if (intake.isEmpty()) {
        metrics.redelivered(intake.redelivered());
        parts.passed(part);
      } else if (room.stuck() != null) {
        return failed(room.stuck());
      } else if (intake.lines().isEmpty() || room.fits(parts.sizeOf(part))) {
        return store(intake)
            .compose(
                stored -> {
                  connections.doubted(part.readOn().connection(), intake.doubtful());
                  parts.passed(part);
                  boolean late = !parts.isDone() && time.monotonicMs() >= holdUntilMs;
                  return late ? late() : take(parts, holdUntilMs);
                });
      } else if (room.make()) {
        return time.monotonicMs() < holdUntilMs ? waitForRoom(parts, holdUntilMs) : full();
      } else if (spool.whenFull() == WhenFull.DROP_NEWEST) {
        Chunk misfits = room.misfits(parts);
        dropNewest(Intake.of(misfits, connections.memo()));
        parts.passed(misfits);
      } else {
        return spool.whenFull() == WhenFull.BLOCK ? full() : dropOldest(parts, holdUntilMs);
      }
    }
    return Future.succeededFuture(true);
  }

  // The reply is owed within Channel.REPLY_WITHIN, so it is not held back for as long as that.
  private Future<Boolean> waitForRoom(ChunkParts parts, long holdUntilMs) {
    return vertx.timer(LOOK_FOR_ROOM_MS).compose(later -> take(parts, holdUntilMs));
  }

  /** What is stored stays; whoever asks goes on behind it. */
  private Future<Boolean> late() {
    return Future.failedFuture(
        BusFailure.UNAVAILABLE.because(
            "a part was stored within %,d ms, and the rest was not; is the disk slow?"
                .formatted(HOLD_MS)));
  }

  private Future<Boolean> full() {
    return full("");
  }

  private Future<Boolean> full(String andMore) {
    fullness.down(
        new Fault(
            FaultKind.FULL,
            "spool.maxBytes of %,d is reached%s; the broker keeps the messages"
                .formatted(spool.maxBytes(), andMore)));
    return Future.failedFuture(BusFailure.FULL.because(fullness.reason()));
  }

  private void dropNewest(Intake intake) {
    drops.warn(
        "[spool] spool.maxBytes of %,d is reached; new messages are dropped, as whenFull says"
            .formatted(spool.maxBytes()));
    fullness.up(); // nothing is left with the broker any more
    metrics.redelivered(intake.redelivered());
    metrics.dropped(WhenFull.DROP_NEWEST, intake.messages());
  }

  private Future<Boolean> dropOldest(ChunkParts parts, long holdUntilMs) {
    return Blocking.run(vertx, journal::dropOldest)
        .compose(
            dropped -> {
              if (dropped == 0) {
                JournalFailure why = journal.stuck();
                return why == null ? full() : failed(why);
              }
              drops.warn(
                  ("[spool] spool.maxBytes of %,d is reached; the oldest records are dropped, as"
                          + " whenFull says; the server may have those that were under way")
                      .formatted(spool.maxBytes()));
              metrics.dropped(WhenFull.DROP_OLDEST, drain.lost(dropped));
              return take(parts, holdUntilMs);
            });
  }

  private Future<Boolean> store(Intake intake) {
    return writer
        .write(intake)
        .map(
            written -> {
              disk.stored();
              fullness.up();
              metrics.redelivered(intake.redelivered());
              metrics.stored(intake);
              drain.appended();
              return true;
            })
        .recover(this::failed);
  }

  private <T> Future<T> unwritable() {
    return Future.failedFuture(BusFailure.CANNOT_STORE.because(disk.fault().words()));
  }

  /** The sources keep what they have, and after a while the journal is asked again. */
  private <T> Future<T> failed(Throwable error) {
    disk.failed(error);
    if (!broken) {
      broken = true;
      vertx.setTimer(
          RESUME_AFTER_MS,
          timer -> {
            journal.resume();
            broken = false;
          });
    }
    return Future.failedFuture(BusFailure.CANNOT_STORE.because(JournalFailure.words(error)));
  }
}
