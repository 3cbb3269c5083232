package io.spillway.sink;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.Channels;
import io.spillway.bus.Heartbeat;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.bus.RoleState;
import io.spillway.bus.StoredBatch;
import io.spillway.config.SinkConfig;
import io.spillway.message.Lines;
import io.spillway.retry.Backoff;
import io.spillway.retry.OutageLog;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the journal of this process and writes it, batch by batch, to one destination. */
public final class Sink extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(Sink.class);

  /** Looks even if nothing was heard: what is published may be lost. */
  private static final long LOOK_EVERY_MS = 1_000;

  private static final int CATCHING_UP_BATCHES = 4;
  private static final long STOP_WITHIN_MS = 5_000;
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(250), Duration.ofSeconds(15));

  private final SinkConfig config;
  private final Function<Vertx, Destination> maker;
  private final DeadLetters deadLetters;
  private final MeterRegistry registry;
  private final CatchUpThrottle throttle;
  private final Lag lag = new Lag();

  private Destination destination;
  private String tag;
  private OutageLog link;
  private SinkMetrics metrics;
  private MessageConsumer<StoredBatch> stored;
  private Heartbeat heartbeat;
  private String journal;

  /** What the journal holds, as far as it has been heard of. */
  private long oldest;

  private long end;
  private long storedAtMs;

  /** Where the database stands. */
  private long position;

  /** Where it stands when all that is in flight is written. */
  private long expected;

  private long readNext;
  private int inFlight;
  private boolean open;
  private boolean reading;
  private boolean resting;
  private boolean lingering;
  private boolean lingered;
  private boolean stopping;
  private long busySinceMs;
  private int attempts;
  private SinkBatch failedLot;
  private Throwable failure;
  private Future<Void> mending = Future.succeededFuture();

  Sink(
      SinkConfig config,
      Function<Vertx, Destination> maker,
      DeadLetters deadLetters,
      MeterRegistry registry) {
    this.config = config;
    this.maker = maker;
    this.deadLetters = deadLetters;
    this.registry = registry;
    this.throttle =
        new CatchUpThrottle(
            config.catchUpPercent(), (long) CATCHING_UP_BATCHES * config.batchRecords());
  }

  /** Comes up whether or not the database is there. */
  @Override
  public Future<?> start() {
    destination = maker.apply(vertx);
    tag = "[" + destination.name() + "]";
    link = new OutageLog(log, tag);
    metrics = new SinkMetrics(registry, destination.name(), this::behind, () -> lag.ms(now()));
    stored = Channels.BATCH_STORED.listen(vertx, this::stored);
    heartbeat = new Heartbeat(vertx, this::state);
    vertx.setPeriodic(LOOK_EVERY_MS, tick -> lingered());
    connect();
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    stopping = true;
    open = false;
    heartbeat.stop();
    return stored
        .unregister()
        .compose(done -> untilWritten(now() + STOP_WITHIN_MS))
        .transform(settled -> destination.close());
  }

  private Future<Void> untilWritten(long deadlineMs) {
    boolean idle = inFlight == 0 && mending.isComplete();
    return idle || now() >= deadlineMs
        ? Future.succeededFuture()
        : vertx.timer(20).compose(waited -> untilWritten(deadlineMs));
  }

  // --- the connection

  private void connect() {
    if (stopping) {
      return;
    }
    Channels.RECORDS_READ
        .request(vertx, ReadRequest.POSITION)
        .compose(this::open)
        .onSuccess(this::opened)
        .onFailure(this::outage);
  }

  private Future<Long> open(Records held) {
    journal = held.journal();
    oldest = held.oldest();
    heard(held.end());
    return destination.open(journal);
  }

  private void opened(long next) {
    position = next;
    expected = next;
    readNext = Math.max(next, 1);
    if (attempts == 0 || next == 0) {
      log.info("{} {}: {}", tag, destination.address(), whereFrom(next));
    }
    if (next > end) {
      log.warn(
          "{} stands at offset {} of journal {}, which ends at {}; it is read again from its"
              + " beginning",
          tag,
          next,
          journal,
          end);
      readNext = oldest;
    }
    lag.written(next);
    if (behind() == 0) {
      works();
    }
    open = true;
    lingered();
  }

  private String whereFrom(long next) {
    return next == 0
        ? "has nothing of journal " + journal + " yet"
        : "goes on at offset " + next + " of journal " + journal + ", " + behind() + " behind";
  }

  private void works() {
    attempts = 0;
    link.up();
  }

  private void outage(Throwable error) {
    open = false;
    if (stopping) {
      return;
    }
    link.down(destination.explain(error));
    metrics.retry();
    long waitMs = BACKOFF.before(attempts++).toMillis();
    limited(destination.close())
        .transform(closed -> vertx.timer(waitMs))
        .onComplete(waited -> connect());
  }

  private <T> Future<T> limited(Future<T> work) {
    return work.timeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  // --- from the journal

  private void stored(StoredBatch batch) {
    if (batch.journal().equals(journal)) {
      storedAtMs = now();
      heard(batch.next());
      look();
    }
  }

  private void heard(long journalEnd) {
    end = Math.max(end, journalEnd);
    lag.stored(end, now());
  }

  private void lingered() {
    lingered = true;
    look();
  }

  /** Reads on if there is a reason to, and room. */
  private void look() {
    boolean paced = throttle.applies(behind(), now() - storedAtMs);
    boolean room = inFlight < (paced ? 1 : destination.inFlightMax());
    if (!open || reading || resting || !room) {
      return;
    }
    if (lingered || end - readNext >= config.batchRecords()) {
      read();
    } else if (end > readNext && !lingering) {
      lingering = true;
      vertx.setTimer(
          Math.max(1, config.linger().toMillis()),
          timer -> {
            lingering = false;
            lingered();
          });
    }
  }

  private void read() {
    reading = true;
    busySinceMs = inFlight == 0 ? now() : busySinceMs;
    Channels.RECORDS_READ
        .request(vertx, new ReadRequest(readNext, config.batchRecords(), config.batchBytes()))
        .onComplete(settled -> reading = false)
        .onSuccess(this::read)
        .onFailure(error -> log.warn("{} cannot read: {}", tag, error.getMessage()));
  }

  private void read(Records records) {
    oldest = records.oldest();
    heard(records.end());
    Lines lines = records.lines();
    lingered = lines.count() >= config.batchRecords() || lines.length() > config.batchBytes() / 2;
    if (!open || lines.isEmpty()) {
      return;
    }
    missed(records.first());
    SinkBatch batch = new SinkBatch(expected, records.first(), lines);
    expected = batch.next();
    readNext = batch.next();
    inFlight++;
    attempt(batch)
        .onComplete(settled -> inFlight--)
        .onSuccess(done -> rest())
        .onFailure(error -> failed(batch, error));
    look();
  }

  private void missed(long first) {
    long gap = expected == 0 ? 0 : first - readNext;
    if (gap > 0) {
      metrics.gap(gap);
      log.warn(
          "{} {} records from offset {} were deleted by retention before they could be written",
          tag,
          gap,
          readNext);
    }
  }

  // --- to the database

  private Future<Void> attempt(SinkBatch batch) {
    return limited(destination.write(batch)).onSuccess(done -> written(batch));
  }

  private void written(SinkBatch batch) {
    position = batch.next();
    lag.written(position);
    metrics.written(batch.lines().count());
    works();
  }

  private void rest() {
    if (failure != null) {
      mendWhenSettled();
    } else if (throttle.applies(behind(), now() - storedAtMs)) {
      resting = true;
      vertx.setTimer(
          throttle.restMs(now() - busySinceMs),
          timer -> {
            resting = false;
            look();
          });
    } else {
      look();
    }
  }

  private void failed(SinkBatch batch, Throwable error) {
    open = false;
    if (failure == null) {
      failure = error;
      failedLot = batch;
    }
    mendWhenSettled();
  }

  /** What was sent behind a lot that failed has failed, too, as it did not find its place. */
  private void mendWhenSettled() {
    if (inFlight > 0) {
      return;
    }
    Throwable why = failure;
    failure = null;
    if (why instanceof Refused refused) {
      mending = divide(failedLot, refused);
      mending.onSuccess(done -> goOn()).onFailure(this::outage);
    } else {
      outage(why);
    }
  }

  private void goOn() {
    if (!stopping) {
      expected = position;
      readNext = position;
      open = true;
      lingered();
    }
  }

  private Future<Void> insist(SinkBatch batch) {
    return attempt(batch)
        .recover(
            error ->
                error instanceof Refused refused
                    ? divide(batch, refused)
                    : Future.failedFuture(error));
  }

  private Future<Void> divide(SinkBatch batch, Refused why) {
    int count = batch.lines().count();
    if (stopping) {
      return Future.failedFuture("stopping");
    }
    if (count > 1) {
      return insist(batch.limit(count / 2)).compose(done -> insist(batch.skip(count / 2)));
    }
    return vertx
        .executeBlocking(() -> deadLetters.keep(journal, batch, why.getMessage()))
        .onSuccess(kept -> metrics.rejected())
        .compose(kept -> attempt(batch.passed()));
  }

  // --- what it tells

  private long behind() {
    return Math.max(0, end - Math.max(position, oldest));
  }

  private static long now() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  private RoleState state() {
    return new RoleState(
        destination.name(),
        destination.address(),
        link.reason() == null ? "" : link.reason(),
        behind(),
        metrics.writtenCount() + metrics.rejectedCount(),
        Map.of(
            "written", metrics.writtenCount(),
            "rejected", metrics.rejectedCount(),
            "gap", metrics.gapCount(),
            "retries", metrics.retryCount(),
            "position", position,
            "lagMs", lag.ms(now())));
  }
}
