package io.spillway.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.Heartbeat;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.bus.RoleState;
import io.spillway.bus.StoreRequest;
import io.spillway.bus.StoreRequest.Begin;
import io.spillway.bus.StoreRequest.Plain;
import io.spillway.bus.StoreRequest.Refused;
import io.spillway.bus.StoreRequest.Sequenced;
import io.spillway.bus.Stored;
import io.spillway.bus.StoredBatch;
import io.spillway.config.JournalConfig;
import io.spillway.journal.Cursor;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalOptions;
import io.spillway.journal.RejectedLog;
import io.spillway.journal.Slice;
import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import io.spillway.retry.OutageLog;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends records to the server's journal, each edge's in sequence and each one once. */
public final class Store extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(Store.class);
  private static final long CHECKPOINT_EVERY_MS = 30_000;
  private static final long TRY_AGAIN_MS = 500;
  private static final int REPLAY_RECORDS = 10_000;
  private static final int REPLAY_BYTES = 8 << 20;

  private final JournalConfig config;
  private final MeterRegistry metrics;
  private final UnaryOperator<Lines> completion;
  private final EdgeMarks marks = new EdgeMarks();
  private final OutageLog disk = new OutageLog(log, "[store] disk:");

  private Journal journal;
  private String name;
  private RejectedLog rejectedLog;
  private Readers readers;
  private MessageConsumer<StoreRequest> requests;
  private MessageConsumer<ReadRequest> reads;
  private Heartbeat heartbeat;
  private Counter stored;
  private Counter skipped;
  private Counter rejected;

  /** Everything below is in the journal and counted by the marks' durable side. */
  private long countedOffset;

  private int appending;
  private boolean broken;
  private Future<?> checkpoint = Future.succeededFuture();
  private long checkpointedOffset;

  public Store(JournalConfig config, MeterRegistry metrics) {
    this(config, metrics, UnaryOperator.identity());
  }

  /**
   * @param completion adds members to records on their way into the journal; keeps their number,
   *     their order and their {@code _id}, and always gives the same for the same
   */
  public Store(JournalConfig config, MeterRegistry metrics, UnaryOperator<Lines> completion) {
    this.completion = completion;
    this.config = config;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    return vertx
        .executeBlocking(this::open)
        .onSuccess(
            opened -> {
              measure();
              requests = Channels.BATCH_STORE.answer(vertx, this::handle);
              reads = Channels.RECORDS_READ.answer(vertx, this::read);
              heartbeat = new Heartbeat(vertx, this::state);
              vertx.setPeriodic(CHECKPOINT_EVERY_MS, tick -> checkpointIfChanged());
              log.info(
                  "[store] journal {} goes on at offset {}, {} edges known",
                  config.dir().resolve(config.file()),
                  journal.next(),
                  marks.size());
            });
  }

  @Override
  public Future<?> stop() {
    heartbeat.stop();
    return requests
        .unregister()
        .compose(done -> reads.unregister())
        .compose(done -> checkpoint)
        .transform(settled -> vertx.executeBlocking(this::close));
  }

  private Void open() throws IOException {
    journal = Journal.open(journalOptions());
    name = JournalName.of(config.dir(), journal.next() == 1);
    readers = new Readers(journal, name);
    rejectedLog = new RejectedLog(config.dir());
    Checkpoint last = Checkpoint.load(config.dir());
    boolean lost = last.offset() == 0 && journal.next() > 1;
    last.marks().forEach(marks::put);
    try (Cursor cursor = journal.cursor(Math.max(last.offset(), 1))) {
      Slice slice = cursor.read(REPLAY_RECORDS, REPLAY_BYTES);
      while (!slice.isEmpty()) {
        marks.replay(slice.lines(), lost);
        slice = cursor.read(REPLAY_RECORDS, REPLAY_BYTES);
      }
    }
    countedOffset = journal.next();
    new Checkpoint(countedOffset, marks.durable()).save(config.dir());
    checkpointedOffset = countedOffset;
    journal.retainFrom(countedOffset);
    return null;
  }

  private JournalOptions journalOptions() {
    String file = config.file().substring(0, config.file().length() - ".ndjson".length());
    return JournalOptions.plain(config.dir(), file)
        .withSegments(config.segmentBytes(), config.segmentAge())
        .withGzip(config.gzip())
        .withLinger(config.commit())
        .withRetention(config.keepBytes(), config.keepAge());
  }

  private Void close() throws IOException {
    readers.close();
    journal.close();
    new Checkpoint(countedOffset, marks.durable()).save(config.dir());
    return null;
  }

  // --- requests

  private Future<Stored> handle(StoreRequest request) {
    if (request instanceof Begin begin) {
      return begin(begin);
    }
    if (broken) {
      return Future.failedFuture(BusFailure.CANNOT_STORE.because(disk.reason()));
    }
    return request instanceof Sequenced sequenced ? sequenced(sequenced) : plain((Plain) request);
  }

  /** Waits for what an older connection of this edge still has on its way to the disk. */
  private Future<Stored> begin(Begin request) {
    String key = EdgeMarks.key(request.edge(), request.epoch());
    EdgeMark mark = marks.of(key);
    return mark.step
        .transform(settled -> mark.lastAppend)
        .transform(
            settled -> {
              if (request.first() <= mark.durable) {
                return Future.succeededFuture(answer(mark));
              }
              log.info(
                  "[store] {} goes on at {} instead of {}", key, request.first(), mark.durable);
              Future<Void> written = step(mark, request.first());
              mark.step = written;
              return written.map(onDisk -> answer(mark));
            });
  }

  private Future<Stored> sequenced(Sequenced request) {
    EdgeMark mark = marks.of(EdgeMarks.key(request.edge(), request.epoch()));
    if (!mark.step.isComplete()) {
      return mark.step.transform(settled -> handle(request));
    }
    if (request.first() > mark.submitted) {
      return gap(mark, request);
    }
    if (request.next() <= mark.submitted) {
      skipped.increment((double) (request.next() - request.first()));
      return mark.lastAppend.map(onDisk -> answer(mark));
    }
    if (!request.refused().isEmpty()) {
      return withRefused(mark, request);
    }
    int known = (int) (mark.submitted - request.first());
    skipped.increment(known);
    return append(mark, known == 0 ? request.lines() : request.lines().skip(known))
        .map(onDisk -> answer(mark));
  }

  private Future<Void> append(EdgeMark mark, Lines lines) {
    mark.submitted += lines.count();
    long next = mark.submitted;
    Future<Void> appended = append(lines).onSuccess(onDisk -> mark.durable = next);
    mark.lastAppend = appended;
    return appended;
  }

  /** One after the other: the lines up to a refused one, then that one, and so on. Rare. */
  private Future<Stored> withRefused(EdgeMark mark, Sequenced request) {
    Future<Void> done = mark.lastAppend.transform(settled -> stillNext(mark, request));
    int line = 0;
    long seq = request.first();
    for (Refused refused : request.refused()) {
      int count = (int) (refused.seq() - seq);
      done = done.compose(before(mark, request.lines().skip(line).limit(count), seq));
      done = done.compose(stored -> refuse(mark, refused));
      line += count;
      seq = refused.seq() + 1;
    }
    done = done.compose(before(mark, request.lines().skip(line), seq));
    mark.step = done;
    return done.map(onDisk -> answer(mark));
  }

  /** Whether what came before is there; an append that failed takes the mark back. */
  private static Future<Void> stillNext(EdgeMark mark, Sequenced request) {
    return request.first() <= mark.submitted ? Future.succeededFuture() : gap(mark, request);
  }

  private static <T> Future<T> gap(EdgeMark mark, Sequenced request) {
    return Future.failedFuture(
        BusFailure.GAP.because("expected " + mark.submitted + ", not " + request.first()));
  }

  private Function<Void, Future<Void>> before(EdgeMark mark, Lines lines, long first) {
    return earlier -> {
      int known = (int) Math.min(lines.count(), Math.max(0, mark.submitted - first));
      return known == lines.count() ? Future.succeededFuture() : append(mark, lines.skip(known));
    };
  }

  private Future<Void> refuse(EdgeMark mark, Refused refused) {
    if (refused.seq() < mark.durable) {
      return Future.succeededFuture();
    }
    return keep(List.of(refused.rejected())).compose(kept -> step(mark, refused.seq() + 1));
  }

  /** Moves a mark over what has no record, and has that on disk before anything beyond it. */
  private Future<Void> step(EdgeMark mark, long next) {
    long before = mark.durable;
    mark.durable = next;
    mark.submitted = next;
    Future<Void> written =
        saveCheckpoint()
            .onFailure(
                error -> {
                  mark.durable = before;
                  mark.submitted = before;
                })
            .recover(
                error -> Future.failedFuture(BusFailure.CANNOT_STORE.because(error.getMessage())));
    return written;
  }

  private Future<Stored> plain(Plain request) {
    return keep(request.rejected())
        .compose(kept -> append(request.lines()))
        .map(onDisk -> new Stored(0, journal.next()));
  }

  private Future<Records> read(ReadRequest request) {
    return vertx
        .executeBlocking(() -> readers.read(request), false)
        .recover(error -> Future.failedFuture(BusFailure.UNAVAILABLE.because(error.toString())));
  }

  private Stored answer(EdgeMark mark) {
    return new Stored(mark.durable, journal.next());
  }

  // --- the disk

  private Future<Void> append(Lines lines) {
    return lines.isEmpty() ? Future.succeededFuture() : write(completion.apply(lines));
  }

  private Future<Void> write(Lines lines) {
    if (lines.length() > Journal.APPEND_BYTES_MAX) { // an array of numbers grows as it is wrapped
      int half = lines.count() / 2;
      return Future.all(write(lines.limit(half)), write(lines.skip(half))).mapEmpty();
    }
    Future<Long> appended = Future.fromCompletionStage(journal.append(lines), context);
    appending++;
    return appended
        .onComplete(settled -> appending--)
        .<Void>map(
            first -> {
              countedOffset = first + lines.count();
              stored.increment(lines.count());
              Channels.BATCH_STORED.publish(vertx, new StoredBatch(name, first, lines));
              disk.up();
              return null;
            })
        .recover(this::failed);
  }

  /** Nothing was stored: the marks fall back, and after a while the journal is asked again. */
  private Future<Void> failed(Throwable error) {
    disk.down(error.getMessage());
    if (!broken) {
      broken = true;
      marks.fallBack();
      vertx.setTimer(TRY_AGAIN_MS, this::tryAgain);
    }
    return Future.failedFuture(BusFailure.CANNOT_STORE.because(error.getMessage()));
  }

  private void tryAgain(long timer) {
    if (appending > 0) {
      vertx.setTimer(TRY_AGAIN_MS, this::tryAgain);
      return;
    }
    journal.resume();
    broken = false;
  }

  private Future<Void> keep(List<Rejected> refused) {
    if (refused.isEmpty()) {
      return Future.succeededFuture();
    }
    return vertx
        .<Void>executeBlocking(
            () -> {
              rejectedLog.append(refused);
              return null;
            })
        .onSuccess(kept -> rejected.increment(refused.size()))
        .recover(error -> Future.failedFuture(BusFailure.CANNOT_STORE.because(error.getMessage())));
  }

  private void checkpointIfChanged() {
    if (countedOffset > checkpointedOffset && checkpoint.isComplete()) {
      saveCheckpoint()
          .onFailure(error -> log.warn("[store] no checkpoint: {}", error.getMessage()));
    }
  }

  private Future<Void> saveCheckpoint() {
    Future<Void> saved = checkpoint.transform(settled -> saveNow());
    checkpoint = saved;
    return saved;
  }

  private Future<Void> saveNow() {
    Map<String, Long> durable = marks.durable();
    long offset = countedOffset;
    return vertx
        .<Void>executeBlocking(
            () -> {
              new Checkpoint(offset, durable).save(config.dir());
              journal.retainFrom(offset);
              return null;
            })
        .onSuccess(saved -> checkpointedOffset = offset);
  }

  // --- what it tells

  private void measure() {
    stored = metrics.counter("spillway.store.records");
    skipped = metrics.counter("spillway.store.skipped");
    rejected = metrics.counter("spillway.store.rejected");
    Gauge.builder("spillway.store.offset", journal, Journal::next).register(metrics);
    Gauge.builder("spillway.store.bytes", journal, Journal::bytes).register(metrics);
    Gauge.builder("spillway.store.pending.bytes", journal, Journal::pendingBytes).register(metrics);
  }

  private RoleState state() {
    return new RoleState(
        "store",
        config.file(),
        disk.reason() == null ? "" : disk.reason(),
        appending,
        (long) stored.count(),
        Map.of(
            "stored", (long) stored.count(),
            "skipped", (long) skipped.count(),
            "rejected", (long) rejected.count(),
            "pendingBytes", journal.pendingBytes(),
            "offset", journal.next()));
  }
}
