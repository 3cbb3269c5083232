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
import io.spillway.message.Rejected;
import io.spillway.retry.OutageLog;
import io.spillway.retry.RateLimitedLog;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds what sources hand over in the spool, and drains the spool towards the uplink. */
public final class Batcher extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(Batcher.class);
  private static final long RESUME_AFTER_MS = 500;

  private final String name;
  private final SpoolConfig spool;
  private final BatchConfig batch;
  private final BatchMetrics metrics;
  private final AcceptedWindow accepted = new AcceptedWindow();
  private final OutageLog disk = new OutageLog(log, "[spool] disk:");
  private final TimeSource time;
  private final RateLimitedLog drops = new RateLimitedLog(log);
  private final OutageLog room = new OutageLog(log, "[spool] room:");

  private SpoolIdentity identity;
  private Journal journal;
  private RejectedLog rejectedLog;
  private Drain drain;
  private MessageConsumer<Chunk> chunks;
  private Heartbeat heartbeat;
  private Future<Boolean> lastIntake = Future.succeededFuture();
  private boolean broken;

  public Batcher(EdgeConfig config, MeterRegistry registry, TimeSource time) {
    this.time = time;
    name = config.name();
    spool = config.spool();
    batch = config.batch();
    metrics = new BatchMetrics(registry, spool.maxBytes());
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
    rejectedLog = new RejectedLog(spool.dir());
    drain = new Drain(vertx, identity, journal, rejectedLog, spool.dir(), batch, metrics, time);
    return null;
  }

  private void begin() {
    metrics.measure(journal, drain);
    chunks =
        Channels.READING_IN.answer(
            vertx,
            chunk -> {
              lastIntake = lastIntake.transform(settled -> take(chunk));
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

  private Future<Boolean> take(Chunk chunk) {
    if (broken) {
      return Future.failedFuture(BusFailure.CANNOT_STORE.because(disk.reason()));
    }
    Intake intake = Intake.of(chunk, accepted);
    metrics.redelivered(intake.redelivered());
    if (intake.isEmpty()) {
      return Future.succeededFuture(true);
    }
    if (!isFull(intake)) {
      room.up();
      return store(intake);
    }
    return switch (spool.whenFull()) {
      case BLOCK -> full();
      case DROP_NEWEST -> dropNewest(intake);
      case DROP_OLDEST -> dropOldest(intake);
    };
  }

  private boolean isFull(Intake intake) {
    return journal.bytes() + intake.lines().length() > spool.maxBytes();
  }

  private Future<Boolean> full() {
    room.down(
        new Fault(
            FaultKind.FULL,
            "spool.maxBytes of %,d is reached; the broker keeps the messages"
                .formatted(spool.maxBytes())));
    return Future.failedFuture(BusFailure.FULL.because(room.reason()));
  }

  private Future<Boolean> dropNewest(Intake intake) {
    drops.warn(
        "[spool] spool.maxBytes of %,d is reached; new messages are dropped, as whenFull says"
            .formatted(spool.maxBytes()));
    metrics.dropped(WhenFull.DROP_NEWEST, intake.messages());
    return Future.succeededFuture(true);
  }

  private Future<Boolean> dropOldest(Intake intake) {
    drops.warn(
        "[spool] spool.maxBytes of %,d is reached; the oldest records are dropped, as whenFull says"
            .formatted(spool.maxBytes()));
    return vertx
        .executeBlocking(journal::dropOldest)
        .compose(
            dropped -> {
              metrics.dropped(WhenFull.DROP_OLDEST, drain.lost(dropped));
              return dropped > 0 && isFull(intake) ? dropOldest(intake) : store(intake);
            });
  }

  private Future<Boolean> store(Intake intake) {
    return keep(intake.rejected())
        .compose(
            kept ->
                Future.fromCompletionStage(journal.append(intake.lines(), intake.memo()), context))
        .map(
            first -> {
              disk.up();
              metrics.stored(intake);
              drain.appended();
              return true;
            })
        .recover(this::failed);
  }

  private Future<Void> keep(List<Rejected> rejected) {
    if (rejected.isEmpty()) {
      return Future.succeededFuture();
    }
    return vertx.executeBlocking(
        () -> {
          rejectedLog.append(rejected);
          return null;
        });
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
    return disk.fault().or(room.fault()).or(ahead);
  }
}
