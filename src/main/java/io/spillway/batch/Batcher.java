package io.spillway.batch;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.Chunk;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.Heartbeat;
import io.spillway.bus.RoleState;
import io.spillway.config.BatchConfig;
import io.spillway.config.EdgeConfig;
import io.spillway.config.SpoolConfig;
import io.spillway.config.WhenFull;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalOptions;
import io.spillway.journal.RejectedLog;
import io.spillway.retry.OutageLog;
import io.spillway.retry.RateLimitedLog;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds what sources hand over in the spool, and drains the spool towards the uplink. */
public final class Batcher extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(Batcher.class);
  private static final long RESUME_AFTER_MS = 500;
  private static final long LOOK_FOR_ROOM_MS = 20;

  /** So long after it came a chunk waits for no room, and nothing more is begun of it. */
  private static final long HOLD_MS = 5_000;

  private static final Duration ACK_TIMEOUT = Duration.ofSeconds(15);

  /**
   * Of a number in the spool, with its closing quote, as long as there are few billions of them.
   */
  private static final int OFFSET_DIGITS = 11;

  private final String name;
  private final SpoolConfig spool;
  private final BatchConfig batch;
  private final BatchMetrics metrics;
  private final Duration patience;
  private final AcceptedWindow accepted = new AcceptedWindow();
  private final OutageLog disk = new OutageLog(log, "[spool] disk:");
  private final TimeSource time;
  private final RateLimitedLog drops = new RateLimitedLog(log);
  private final OutageLog fullness = new OutageLog(log, "[spool] room:");

  private SpoolIdentity identity;
  private Journal journal;
  private IntakeWriter writer;
  private Drain drain;
  private MessageConsumer<Chunk> chunks;
  private Heartbeat heartbeat;
  private SpoolRoom room;
  private Future<Boolean> lastIntake = Future.succeededFuture();
  private boolean broken;

  public Batcher(EdgeConfig config, MeterRegistry registry, TimeSource time) {
    this.time = time;
    name = config.name();
    spool = config.spool();
    batch = config.batch();
    metrics = new BatchMetrics(registry, spool.maxBytes());
    patience = config.uplink() == null ? ACK_TIMEOUT : config.uplink().ackTimeout();
  }

  /** What the edge of this spool is called; known once the batcher has started. */
  public String edgeName() {
    return identity.edge();
  }

  @Override
  public Future<?> start() {
    return vertx.executeBlocking(this::open).onSuccess(opened -> begin());
  }

  /** Takes no more, finishes what it has taken, and gives the uplink a while to empty the spool. */
  @Override
  public Future<?> stop() {
    heartbeat.stop();
    return chunks
        .unregister()
        .compose(done -> lastIntake.otherwiseEmpty())
        .compose(stored -> drain.finish())
        .transform(done -> vertx.executeBlocking(this::close));
  }

  private Void open() throws IOException {
    identity = SpoolIdentity.of(spool.dir(), name);
    String prefix = ",\"_id\":\"" + identity.edge() + '.' + identity.epoch() + '.';
    byte[] stamp = prefix.getBytes(StandardCharsets.US_ASCII);
    journal =
        Journal.open(
            JournalOptions.framed(spool.dir(), "spool")
                .withSegments(spool.segmentBytes(), Duration.ZERO)
                .withStamp(
                    (offset, out) ->
                        out.put(stamp)
                            .put(Long.toString(offset).getBytes(StandardCharsets.US_ASCII))
                            .put((byte) '"'))
                .withMemo(accepted),
            time);
    RejectedLog rejectedLog = new RejectedLog(spool.dir());
    writer = new IntakeWriter(vertx, journal, rejectedLog);
    drain = new Drain(vertx, identity, journal, rejectedLog, spool.dir(), batch, metrics, time);
    room = new SpoolRoom(spool, stamp.length + OFFSET_DIGITS, patience, journal, drain);
    return null;
  }

  private void begin() {
    metrics.measure(journal, drain);
    chunks =
        Channels.READING_IN.answer(
            vertx,
            chunk -> {
              long holdUntilMs = time.monotonicMs() + HOLD_MS;
              lastIntake = lastIntake.transform(settled -> take(chunk, holdUntilMs));
              return lastIntake;
            });
    heartbeat = new Heartbeat(vertx, this::state);
    log.info(
        "[spool] {} as {}.{}, {} records wait for the uplink",
        spool.dir(),
        identity.edge(),
        identity.epoch(),
        drain.waiting());
    drain.start();
  }

  // --- intake

  private Future<Boolean> take(Chunk chunk, long holdUntilMs) {
    ChunkParts parts = room.divide(chunk, accepted);
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
        return Future.failedFuture(BusFailure.CANNOT_STORE.because(disk.reason()));
      }
      Chunk part = room.head(parts);
      Intake intake = Intake.of(part, accepted);
      if (intake.isEmpty()) {
        metrics.redelivered(intake.redelivered());
        parts.passed(part);
      } else if (room.stuck() != null) {
        return failed(room.stuck());
      } else if (room.fits(parts.sizeOf(part))) {
        return store(intake)
            .compose(
                stored -> {
                  parts.passed(part);
                  boolean late = !parts.isDone() && time.monotonicMs() >= holdUntilMs;
                  return late ? late() : take(parts, holdUntilMs);
                });
      } else if (room.make()) {
        return time.monotonicMs() < holdUntilMs ? waitForRoom(parts, holdUntilMs) : full();
      } else if (spool.whenFull() == WhenFull.DROP_NEWEST) {
        Chunk misfits = room.misfits(parts);
        dropNewest(Intake.of(misfits, accepted));
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
    fullness.down(
        new Fault(
            FaultKind.FULL,
            "spool.maxBytes of %,d is reached; the broker keeps the messages"
                .formatted(spool.maxBytes())));
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
    drops.warn(
        "[spool] spool.maxBytes of %,d is reached; the oldest records are dropped, as whenFull says"
            .formatted(spool.maxBytes()));
    return vertx
        .executeBlocking(journal::dropOldest)
        .compose(
            dropped -> {
              metrics.dropped(WhenFull.DROP_OLDEST, drain.lost(dropped));
              return dropped > 0 ? take(parts, holdUntilMs) : full();
            });
  }

  private Future<Boolean> store(Intake intake) {
    return writer
        .write(intake)
        .map(
            written -> {
              disk.up();
              fullness.up();
              metrics.redelivered(intake.redelivered());
              metrics.stored(intake);
              drain.appended();
              return true;
            })
        .recover(this::failed);
  }

  /** The sources keep what they have, and after a while the journal is asked again. */
  private Future<Boolean> failed(Throwable error) {
    disk.down(Fault.disk(error));
    if (!broken) {
      broken = true;
      vertx.setTimer(
          RESUME_AFTER_MS,
          timer -> {
            journal.resume();
            broken = false;
          });
    }
    return Future.failedFuture(BusFailure.CANNOT_STORE.because(error.getMessage()));
  }

  private Void close() throws IOException {
    drain.close();
    journal.close();
    return null;
  }

  private RoleState state() {
    return new RoleState(
        "batcher",
        identity.edge(),
        fault(),
        drain.due(),
        drain.done(),
        metrics.counters(journal, drain));
  }

  private Fault fault() {
    Fault ahead =
        drain.isBehindServer()
            ? new Fault(FaultKind.OTHER, "the server is ahead of this spool: see the log")
            : Fault.NONE;
    return disk.fault().or(fullness.fault()).or(ahead);
  }
}
