package io.spillway.sink;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.Channels;
import io.spillway.bus.Fault;
import io.spillway.bus.Heartbeat;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.bus.RoleState;
import io.spillway.bus.StoredBatch;
import io.spillway.config.SinkConfig;
import io.spillway.retry.Backoff;
import io.spillway.retry.OutageLog;
import io.spillway.time.TimeSource;
import io.spillway.worker.Blocking;
import io.spillway.worker.TimeLimit;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the journal of this process and writes it, batch by batch, to one destination. What is to
 * be done next is decided by {@link SinkProgress}; here it is done.
 */
public final class Sink extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(Sink.class);

  private static final long STOP_WITHIN_MS = 5_000;
  private static final long GOODBYE_MS = 1_000;
  private static final long PATIENCE_MS = 10_000; // then a write is told of, long before its limit
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(250), Duration.ofSeconds(15));

  private final SinkConfig config;
  private final Function<Vertx, Destination> maker;
  private final DeadLetters deadLetters;
  private final MeterRegistry registry;
  private final TimeSource time;
  private final Promise<Void> settled = Promise.promise();
  private final RefusalStreak refusals = new RefusalStreak();

  private SinkProgress progress;
  private Destination destination;
  private String tag;
  private OutageLog link;
  private SinkMetrics metrics;
  private MessageConsumer<StoredBatch> stored;
  private Heartbeat heartbeat;
  private SinkTimer wakeUp;

  Sink(
      SinkConfig config,
      Function<Vertx, Destination> maker,
      DeadLetters deadLetters,
      MeterRegistry registry,
      TimeSource time) {
    this.config = config;
    this.maker = maker;
    this.deadLetters = deadLetters;
    this.registry = registry;
    this.time = time;
  }

  /** Comes up whether or not the database is there. */
  @Override
  public Future<?> start() {
    destination = maker.apply(vertx);
    progress = new SinkProgress(config, destination.inFlightMax(), BACKOFF, now());
    tag = "[" + destination.name() + "]";
    link = new OutageLog(log, tag);
    metrics =
        new SinkMetrics(
            registry, destination.name(), progress::behind, () -> progress.range().lagMs(now()));
    stored =
        Channels.BATCH_STORED.listen(
            vertx,
            batch -> {
              progress.stored(batch, now());
              advance();
            });
    wakeUp = new SinkTimer(vertx, time, this::advance);
    heartbeat = new Heartbeat(vertx, this::state);
    advance();
    return Future.succeededFuture();
  }

  /** Lets what is on its way to the database get there, within limits. */
  @Override
  public Future<?> stop() {
    heartbeat.stop();
    progress.stop();
    advance();
    long limit = vertx.setTimer(STOP_WITHIN_MS, late -> settled.tryComplete());
    return stored
        .unregister()
        .transform(unregistered -> settled.future())
        .onComplete(done -> vertx.cancelTimer(limit))
        .transform(done -> TimeLimit.within(vertx, GOODBYE_MS, destination.close()))
        .otherwiseEmpty(); // a database that is frozen says none
  }

  private void advance() {
    SinkStep step = progress.next(now());
    while (!(step instanceof SinkStep.Wait)) {
      perform(step);
      step = progress.next(now());
    }
    if (progress.isStopped()) {
      settled.tryComplete();
    } else {
      wakeUp.in(((SinkStep.Wait) step).ms());
    }
  }

  private void perform(SinkStep step) {
    if (step instanceof SinkStep.Read read) {
      read(read);
    } else if (step instanceof SinkStep.Write write) {
      write(write.batch());
    } else if (step instanceof SinkStep.Recall recall) {
      recall(recall);
    } else if (step instanceof SinkStep.Keep keep) {
      keep(keep.batch(), keep.reason());
    } else if (step instanceof SinkStep.Try one) {
      tryOut(one.batch());
    } else if (step instanceof SinkStep.Close close) {
      close(close.why());
    } else {
      open();
    }
  }

  /** Work that throws has failed, too. */
  private <T> Future<T> limited(Supplier<Future<T>> work) {
    Future<T> begun = Future.succeededFuture().compose(nothing -> work.get());
    return TimeLimit.within(vertx, config.timeout().toMillis(), begun);
  }

  private void open() {
    Channels.RECORDS_READ
        .request(vertx, ReadRequest.POSITION)
        .compose(
            held -> {
              progress.located(held, now());
              return destination.open(held.journal());
            })
        .compose(this::opened) // an error in it is one of opening, and opening is tried again
        .onFailure(progress::failed)
        .onComplete(settled -> advance());
  }

  private Future<Void> opened(long next) {
    boolean again = progress.isTryingAgain();
    boolean anew = next == 0 && progress.position() > 0;
    if (progress.opened(next, now())) {
      log.warn("{} {}", tag, progress.standing().fault(destination.address()).words());
    }
    if (!again || anew) {
      log.info("{} {}: {}", tag, destination.address(), whereFrom(next));
    }
    if (next > progress.range().end()) {
      log.warn(
          "{} stands at offset {} of journal {}, which ends at {}; it is read again from its"
              + " beginning",
          tag,
          next,
          progress.range().journal(),
          progress.range().end());
    }
    if (!progress.isTryingAgain()) {
      link.up();
    }
    return Future.succeededFuture();
  }

  private String whereFrom(long next) {
    return next == 0
        ? "has nothing of journal " + progress.range().journal() + " yet"
        : "goes on at offset %d of journal %s, %d behind"
            .formatted(next, progress.range().journal(), progress.behind());
  }

  private void close(Throwable why) {
    link.down(why instanceof Fault.Failure known ? known.fault() : destination.explain(why));
    metrics.retry();
    limited(destination::close)
        .onComplete(
            closed -> {
              progress.closed(now());
              advance();
            });
  }

  private void read(SinkStep.Read read) {
    Channels.RECORDS_READ
        .request(vertx, new ReadRequest(read.from(), config.batchRecords(), config.batchBytes()))
        .onSuccess(records -> read(read, records))
        .onFailure(
            error -> {
              log.warn("{} cannot read: {}", tag, error.getMessage());
              progress.unread(read, now());
            })
        .onComplete(settled -> advance());
  }

  private void read(SinkStep.Read read, Records records) {
    long missed = progress.read(read, records, now());
    if (missed > 0) {
      metrics.gap(missed);
      log.warn(
          "{} {} records from offset {} were deleted by retention before they could be written",
          tag,
          missed,
          records.first() - missed);
    }
  }

  private void write(SinkBatch batch) {
    long slow = vertx.setPeriodic(PATIENCE_MS, late -> unanswered());
    limited(() -> destination.write(batch))
        .onSuccess(
            written -> {
              progress.written(batch, now());
              count(written);
            })
        .onFailure(error -> progress.unwritten(batch, error))
        .onComplete(settled -> vertx.cancelTimer(slow))
        .onComplete(settled -> advance());
  }

  private void recall(SinkStep.Recall lost) {
    limited(() -> new Recaller(vertx, config, destination).ask(lost))
        .onSuccess(
            found -> {
              progress.recalled(found.upTo());
              count(found.written());
            })
        .onFailure(progress::unrecalled)
        .onComplete(settled -> advance());
  }

  private void count(Written written) {
    metrics.written(written);
    refusals.written(written.some());
    link.up();
  }

  private void tryOut(SinkBatch record) {
    limited(() -> destination.tryOut(record))
        .onSuccess(progress::triedOut)
        .onFailure(error -> progress.failed(record, error))
        .onComplete(settled -> advance());
  }

  private void unanswered() {
    if (link.fault().isEmpty()) { // of another one, the reason is known
      link.down(Fault.noAnswer(destination.address(), PATIENCE_MS));
    }
  }

  private void keep(SinkBatch batch, String reason) {
    String journal = progress.range().journal();
    Blocking.run(vertx, () -> deadLetters.keep(journal, batch, reason))
        .onSuccess(
            kept -> {
              progress.kept();
              metrics.rejected();
              refusals.refused(reason, now());
            })
        .onFailure(error -> progress.failed(batch, error))
        .onComplete(settled -> advance());
  }

  private long now() {
    return time.monotonicMs();
  }

  private Fault notice() {
    return destination.notice().or(progress.standing().fault(destination.address()));
  }

  private RoleState state() {
    return new RoleState(
        destination.name(),
        destination.address(),
        link.fault().or(refusals.fault(destination.address())).or(notice()),
        progress.behind(),
        metrics.done(),
        metrics.all(progress.position(), progress.range().lagMs(now())));
  }
}
