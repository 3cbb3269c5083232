package io.spillway.store;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.Fault;
import io.spillway.bus.Heartbeat;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.bus.RoleState;
import io.spillway.bus.StoreRequest;
import io.spillway.bus.StoreRequest.Begin;
import io.spillway.bus.StoreRequest.Plain;
import io.spillway.bus.StoreRequest.Sequenced;
import io.spillway.bus.StoreRequest.StepOver;
import io.spillway.bus.Stored;
import io.spillway.config.JournalConfig;
import io.spillway.journal.Damages;
import io.spillway.journal.Disk;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalFailure;
import io.spillway.journal.JournalOptions;
import io.spillway.journal.RejectedLog;
import io.spillway.journal.State;
import io.spillway.journal.StateFile.Content;
import io.spillway.journal.UnusableDirectory;
import io.spillway.message.Lines;
import io.spillway.time.TimeSource;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends records to the server's journal, each edge's in sequence and each one once. */
public final class Store extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(Store.class);
  private static final long CHECKPOINT_EVERY_MS = 30_000;
  private static final long READERS_EVERY_MS = 5_000;

  private final JournalConfig config;
  private final MeterRegistry metrics;
  private final UnaryOperator<Lines> completion;
  private final TimeSource time;
  private final EdgeMarks marks = new EdgeMarks();
  private final Damages damages = new Damages();

  private Journal journal;
  private String name;
  private Readers readers;
  private CheckpointWriter checkpoints;
  private Appender appender;
  private Sequencer sequencer;
  private MessageConsumer<StoreRequest> requests;
  private MessageConsumer<ReadRequest> reads;
  private Heartbeat heartbeat;
  private DiskWatch disk;

  public Store(JournalConfig config, MeterRegistry metrics, TimeSource time) {
    this(config, metrics, UnaryOperator.identity(), time);
  }

  /**
   * @param completion adds members to records on their way into the journal; keeps their number,
   *     their order and their {@code _id}, and always gives the same for the same
   */
  public Store(
      JournalConfig config,
      MeterRegistry metrics,
      UnaryOperator<Lines> completion,
      TimeSource time) {
    this.completion = completion;
    this.config = config;
    this.metrics = metrics;
    this.time = time;
  }

  @Override
  public Future<?> start() {
    return Blocking.run(vertx, this::open)
        .recover(error -> Future.failedFuture(unusable(error)))
        .onSuccess(
            opened -> {
              measure();
              requests = Channels.BATCH_STORE.answer(vertx, this::handle);
              reads = Channels.RECORDS_READ.answer(vertx, this::read);
              disk = new DiskWatch(vertx, config.dir(), time);
              heartbeat = new Heartbeat(vertx, this::state);
              vertx.setPeriodic(CHECKPOINT_EVERY_MS, tick -> checkpoint());
              vertx.setPeriodic(READERS_EVERY_MS, tick -> closeIdleReaders());
              if (config.keepBytes() > 0) { // which goes as far as the last checkpoint
                journal.onRotate(() -> context.runOnContext(closing -> checkpoint()));
              }
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
        .compose(done -> checkpoints.settled())
        .transform(settled -> Blocking.run(vertx, this::close))
        .compose(closed -> checkpoints.save()); // of what the closing journal has still stored
  }

  private Throwable unusable(Throwable error) {
    String user = System.getProperty("user.name");
    return UnusableDirectory.of("server.journal.dir", config.dir(), user, error);
  }

  private Void open() throws IOException {
    Disk.REAL.makeDirectories(config.dir());
    Optional<Content<JournalName>> read = JournalName.read(config.dir(), damages);
    boolean older = read.isEmpty() || !read.get().checked();
    Optional<Content<Checkpoint>> saved = Checkpoint.read(config.dir(), older, damages);
    Optional<Checkpoint> checked = saved.filter(Content::checked).map(Content::value);
    State known =
        checked
            .map(last -> new State(last.anchor().activeFirst(), last.offset()))
            .orElse(State.NONE);
    RetentionNotes notes = RetentionNotes.read(config.dir(), journalFile(), damages);
    journal = Journal.open(journalOptions().withNotes(notes), known, damages, time);
    notes.begin(journal.first(), journal.next());
    JournalName named = JournalName.settle(read, checked.map(Checkpoint::anchor), journal.next());
    name = named.name();
    readers = new Readers(journal, name);
    long needed = new MarksRecovery(journal, named.trustedFrom()).run(marks, saved);
    journal.retainFrom(needed); // and not earlier: it is what retention may begin with
    checkpoints = new CheckpointWriter(vertx, config.dir(), marks, journal, named);
    settle(named, read);
    RejectedLog rejectedLog = RejectedLog.open(config.dir(), damages);
    appender = new Appender(context, journal, name, rejectedLog, marks, completion, metrics);
    sequencer = new Sequencer(journal, marks, appender, checkpoints, metrics);
    return null;
  }

  // What was found out is put down. A disk that does not take it now is one that is full later:
  // records are refused until it has room, and then the marks go down with them.
  private void settle(JournalName named, Optional<Content<JournalName>> read) {
    try {
      checkpoints.saveFirst();
      if (!read.equals(Optional.of(new Content<>(named, true)))) {
        named.save(config.dir());
      }
    } catch (IOException error) {
      log.warn("[store] no checkpoint: {}", JournalFailure.words(error));
    }
  }

  private JournalOptions journalOptions() {
    return JournalOptions.plain(config.dir(), journalFile())
        .withSegments(segmentBytes(), config.segmentAge())
        .withGzip(config.gzip())
        .withLinger(config.commit())
        .withRetention(config.keepBytes(), config.keepAge());
  }

  private String journalFile() {
    return config.file().substring(0, config.file().length() - ".ndjson".length());
  }

  private long segmentBytes() {
    return config.segmentBytes() == 0 ? Long.MAX_VALUE : config.segmentBytes();
  }

  private Void close() throws IOException {
    try {
      readers.close();
    } finally {
      journal.close();
    }
    return null;
  }

  // --- requests

  private Future<Stored> handle(StoreRequest request) {
    if (request instanceof Begin begin) {
      return sequencer.begin(begin);
    }
    if (request instanceof StepOver over) {
      return sequencer.stepOver(over);
    }
    return request instanceof Sequenced sequenced
        ? sequencer.sequenced(sequenced)
        : plain((Plain) request);
  }

  private Future<Stored> plain(Plain request) {
    if (marks.isRefusing()) {
      return appender.refused();
    }
    return appender
        .keep(request.rejected())
        .compose(kept -> appender.append(null, request.lines()))
        .map(onDisk -> new Stored(0, journal.next()));
  }

  private Future<Records> read(ReadRequest request) {
    return Blocking.runBeside(vertx, () -> readers.read(request, time.nanoTime()))
        .recover(
            error ->
                Future.failedFuture(
                    BusFailure.UNAVAILABLE.because(
                        "the journal cannot be read: " + JournalFailure.words(error))));
  }

  private void closeIdleReaders() {
    Blocking.runBeside(
            vertx,
            () -> {
              readers.tick(time.nanoTime());
              return null;
            })
        .onFailure(error -> log.debug("[store] a reader: {}", error.toString()));
  }

  private void checkpoint() {
    checkpoints
        .saveIfChanged()
        .onFailure(error -> log.warn("[store] no checkpoint: {}", JournalFailure.words(error)));
  }

  // --- what it tells

  private void measure() {
    Gauge.builder("spillway.store.offset", journal, Journal::next).register(metrics);
    Gauge.builder("spillway.store.bytes", journal, Journal::bytes).register(metrics);
    Gauge.builder("spillway.store.pending.bytes", journal, Journal::pendingBytes).register(metrics);
  }

  /** Of segments that cannot be closed, or that retention cannot delete. */
  private Fault stuck() {
    JournalFailure why = journal.stuck();
    return why == null ? Fault.NONE : Fault.disk(why);
  }

  private RoleState state() {
    return new RoleState(
        "store",
        config.file(),
        appender
            .fault()
            .or(sequencer.lost().fault())
            .or(Fault.damaged(damages))
            .or(stuck())
            .or(disk.fault()),
        marks.appending(),
        appender.stored(),
        Map.of(
            "stored", appender.stored(),
            "skipped", sequencer.skipped(),
            "passedOver", sequencer.passedOver(),
            "lost", sequencer.lost().records(),
            "rejected", appender.rejected(),
            "pendingBytes", journal.pendingBytes(),
            "offset", journal.next()));
  }
}
