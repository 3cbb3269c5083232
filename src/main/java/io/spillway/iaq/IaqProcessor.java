package io.spillway.iaq;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.Fault;
import io.spillway.bus.Heartbeat;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.bus.RoleState;
import io.spillway.bus.StoreRequest.Plain;
import io.spillway.bus.StoredBatch;
import io.spillway.config.IaqConfig;
import io.spillway.journal.Damages;
import io.spillway.retry.OutageLog;
import io.spillway.time.TimeSource;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through the journal with a position of its own, and writes what follows from the
 * measurements back into it. {@code batch.stored} only wakes it: it reads each record from the
 * journal, and so neither a lost copy nor a restart skips one.
 *
 * <p>After a crash it goes on from the position and the state that were saved last. Whatever it
 * writes has an identity made of the measurement's offset, and what is in the journal already is
 * not written again. It passes over all that is no measurement, and so over its own records.
 */
public final class IaqProcessor extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(IaqProcessor.class);
  private static final int READ_RECORDS = 500;
  private static final int READ_BYTES = 512 << 10;
  private static final long LOOK_EVERY_MS = 1_000;
  private static final long TICK_LEAST_MS = 50;
  private static final long TICK_MOST_MS = 5_000;

  private final IaqConfig config;
  private final TimeSource time;
  private final Engine engine;
  private final Snapshot snapshot;
  private final Damages damages = new Damages();
  private final IaqMetrics metrics;
  private final SaveSchedule saving;
  private final WrittenIds writtenIds = new WrittenIds();
  private final OutageLog work = new OutageLog(log, "[iaq]");

  private MessageConsumer<StoredBatch> stored;
  private Heartbeat heartbeat;
  private Future<Void> turn = Future.succeededFuture();
  private boolean stopping;
  private String journal = "";

  /** Everything below is looked at, and what follows from it is in the journal. */
  private long position;

  private long begunAt;

  /** Up to here there may be records that were written before a restart; 0: not known yet. */
  private long writtenUpTo;

  /** The end of the journal, as far as it was heard of. */
  private long heard;

  /** What is still to be written; null if there is nothing. */
  private Pending pending;

  /**
   * What follows from records, and is to be written before they count as looked at.
   *
   * @param next the position then
   */
  private record Pending(List<Derived> records, long next) {}

  /**
   * @param dir of the journal; what is known is saved there, too
   */
  public IaqProcessor(IaqConfig config, Path dir, MeterRegistry registry, TimeSource time) {
    this.config = config;
    this.time = time;
    engine = new Engine(config, time::wallMs);
    saving = new SaveSchedule(config.save());
    snapshot = new Snapshot(dir, damages);
    metrics = new IaqMetrics(registry, engine.counts());
  }

  @Override
  public Future<?> start() {
    return Blocking.run(vertx, () -> snapshot.load(engine))
        .compose(
            saved ->
                Channels.RECORDS_READ
                    .request(vertx, ReadRequest.POSITION)
                    .compose(journalIs -> begin(saved, journalIs)))
        .onSuccess(
            begun -> {
              stored = Channels.BATCH_STORED.listen(vertx, this::stored);
              heartbeat = new Heartbeat(vertx, this::state);
              vertx.setPeriodic(LOOK_EVERY_MS, look -> wake());
              vertx.setPeriodic(tickMs(), tick -> tick());
              wake();
            });
  }

  /** Ends the turn that is under way; what is left is looked at after the next start. */
  @Override
  public Future<?> stop() {
    stopping = true;
    heartbeat.stop();
    return stored
        .unregister()
        .transform(settled -> turn)
        .transform(settled -> pending == null ? save() : Future.succeededFuture());
  }

  private Future<Void> begin(long saved, Records at) {
    journal = at.journal();
    heard = at.end();
    boolean usable = saved > Snapshot.NOWHERE && saved <= at.end();
    if (saved > at.end()) {
      log.warn("[iaq] was at offset {}, but the journal ends at {}", saved, at.end());
    }
    position = usable ? saved : at.end();
    begunAt = position;
    log.info("[iaq] goes on at offset {}, {} records behind", position, at.end() - position);
    return usable ? Future.succeededFuture() : trySave();
  }

  private long tickMs() {
    long quarter = config.stale().toMillis() / 4;
    return Math.max(TICK_LEAST_MS, Math.min(TICK_MOST_MS, quarter));
  }

  // --- one turn after the other

  private void stored(StoredBatch batch) {
    if (batch.journal().equals(journal)) { // another host's: that one looks at it
      heard = Math.max(heard, batch.next());
      wake();
    }
  }

  private void wake() {
    if (turn.isComplete() && !stopping) {
      begin(nextTurn().onSuccess(done -> work.up()));
    }
  }

  private void begin(Future<Void> next) {
    turn = next.onFailure(error -> work.down(stuck(error))).otherwiseEmpty();
    turn.onComplete(settled -> wakeIfBehind());
  }

  /** After a failure the next look is soon enough. */
  private void wakeIfBehind() {
    if (work.reason() == null && (position < heard || pending != null)) {
      wake();
    }
  }

  private Future<Void> nextTurn() {
    boolean unsure = writtenUpTo == 0 || pending != null;
    return unsure ? scan(position).compose(found -> store()) : read();
  }

  /** Looks at the next records. */
  private Future<Void> read() {
    return Channels.RECORDS_READ
        .request(vertx, new ReadRequest(position, READ_RECORDS, READ_BYTES))
        .compose(this::look);
  }

  private Future<Void> look(Records records) {
    heard = Math.max(heard, records.end());
    if (records.first() > position) {
      log.warn("[iaq] records {} to {} are not held any more", position, records.first() - 1);
      metrics.missed(records.first() - position);
      position = records.first();
    }
    if (records.lines().isEmpty()) {
      return Future.succeededFuture();
    }
    return Blocking.run(vertx, () -> engine.take(records.first(), records.lines(), writtenIds::has))
        .compose(found -> store(found, records.next()));
  }

  /** Looks who is silent, unless there are measurements that it has not looked at. */
  private void tick() {
    boolean current = writtenUpTo > 0 && position >= writtenUpTo && position >= heard;
    if (turn.isComplete() && !stopping && pending == null && current) {
      begin(Blocking.run(vertx, engine::tick).compose(found -> store(found, position)));
    }
  }

  // --- what is written

  private Future<Void> store(List<Derived> found, long next) {
    pending = new Pending(found, next);
    return store();
  }

  private Future<Void> store() {
    if (pending == null) {
      return Future.succeededFuture();
    }
    List<Derived> left =
        pending.records().stream().filter(each -> !writtenIds.has(each.id())).toList();
    Future<?> done =
        left.isEmpty()
            ? Future.succeededFuture()
            : Blocking.run(vertx, () -> Derived.lines(left))
                .compose(
                    lines -> Channels.BATCH_STORE.requestOnce(vertx, new Plain(lines, List.of())))
                .onSuccess(onDisk -> metrics.written(left));
    return done.compose(written -> advance());
  }

  private Future<Void> advance() {
    position = pending.next();
    pending = null;
    if (position < writtenUpTo || writtenIds.size() == 0) {
      return saveIfDue();
    }
    return Blocking.run(
            vertx,
            () -> {
              engine.caughtUp(writtenIds::has);
              writtenIds.clear();
              return null;
            })
        .compose(cleared -> saveIfDue());
  }

  /** Finds out what of its own is in the journal from an offset to the end. */
  private Future<Void> scan(long from) {
    return Channels.RECORDS_READ
        .request(vertx, new ReadRequest(from, READ_RECORDS * 4, READ_BYTES * 2))
        .compose(
            records -> {
              if (records.lines().isEmpty()) {
                writtenUpTo = Math.max(1, records.end());
                return Future.succeededFuture();
              }
              long next = records.next(); // and not the records, which would be kept to the end
              return Blocking.run(
                      vertx,
                      () -> {
                        writtenIds.addFrom(records.lines());
                        return null;
                      })
                  .compose(added -> scan(next));
            });
  }

  // --- what is remembered

  private Future<Void> saveIfDue() {
    return saving.isDue(position, time.monotonicMs()) ? trySave() : Future.succeededFuture();
  }

  private Future<Void> trySave() {
    return save()
        .onFailure(error -> log.warn("[iaq] cannot save: {}", error.getMessage()))
        .otherwiseEmpty();
  }

  private Future<Void> save() {
    long at = position;
    long begunMs = time.monotonicMs();
    return Blocking.<Void>run(
            vertx,
            () -> {
              snapshot.save(at, engine);
              return null;
            })
        .onSuccess(saved -> saving.saved(at))
        .onComplete(settled -> saving.ended(begunMs, time.monotonicMs()));
  }

  // --- what it tells

  private static Fault stuck(Throwable error) {
    return BusFailure.fault(error).as("does not get on: " + error.getMessage());
  }

  private RoleState state() {
    return new RoleState(
        "iaq",
        "processor",
        work.fault().or(Fault.damaged(damages)),
        Math.max(0, heard - position),
        position - begunAt,
        metrics.figures());
  }
}
