package io.spillway.batch;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.Channels;
import io.spillway.bus.Chunk;
import io.spillway.bus.Connecting;
import io.spillway.bus.Fault;
import io.spillway.bus.Heartbeat;
import io.spillway.bus.RoleState;
import io.spillway.config.BatchConfig;
import io.spillway.config.EdgeConfig;
import io.spillway.config.SpoolConfig;
import io.spillway.journal.Damages;
import io.spillway.journal.Disk;
import io.spillway.journal.Journal;
import io.spillway.journal.RejectedLog;
import io.spillway.journal.UnusableDirectory;
import io.spillway.time.TimeSource;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds what sources hand over in the spool, and drains the spool towards the uplink. */
public final class Batcher extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(Batcher.class);
  private static final String KEY = "edge.spool.dir";
  private static final Duration ACK_TIMEOUT = Duration.ofSeconds(15);

  /**
   * Of a number in the spool, with its closing quote, as long as there are few billions of them.
   */
  private static final int OFFSET_DIGITS = 11;

  private final String name;
  private final SpoolConfig spool;
  private final BatchConfig batch;
  private final BatchMetrics metrics;
  private final Damages damages = new Damages();
  private final Duration patience;
  private final TimeSource time;

  /** What one epoch after the other is served with; null before the first. */
  private Opened opened;

  private Renewal renewal;
  private MessageConsumer<Chunk> chunks;
  private MessageConsumer<Connecting> connecting;
  private Heartbeat heartbeat;

  /** The spool, and those who work on it. */
  private record Opened(
      SpoolIdentity identity,
      Journal journal,
      Connections connections,
      Drain drain,
      OlderEpochs older,
      Admission admission) {
    /**
     * All of it, whatever cannot be written: its locks would be in the way of the next. Blocking.
     */
    void close() throws IOException {
      try {
        older.close();
      } finally {
        try {
          drain.close();
        } finally {
          journal.close();
        }
      }
    }
  }

  public Batcher(EdgeConfig config, MeterRegistry registry, TimeSource time) {
    this.time = time;
    name = config.name();
    spool = config.spool();
    batch = config.batch();
    metrics = new BatchMetrics(registry, spool.maxBytes());
    patience = config.uplink() == null ? ACK_TIMEOUT : config.uplink().ackTimeout();
  }

  /**
   * What the edge of the spool is called, which is given a name if it has none: for those who have
   * to know it before the batcher starts. What is found damaged is in the batcher's state.
   * Blocking.
   *
   * @throws IOException if the spool has to be opened for that, and cannot be: in the words of
   *     {@link UnusableDirectory}
   */
  public String nameBeforeStart() throws IOException {
    try {
      return name != null ? name : Spool.nameOf(spool, damages, time, this::renumbered);
    } catch (IOException error) {
      throw UnusableDirectory.of(KEY, spool.dir(), user(), error);
    }
  }

  /** What the edge of this spool is called; known once the batcher has started. */
  public String edgeName() {
    return opened.identity.edge();
  }

  Drain drain() {
    return opened.drain;
  }

  Journal journal() {
    return opened.journal;
  }

  @Override
  public Future<?> start() {
    renewal = new Renewal(vertx, time);
    return Blocking.run(vertx, this::open)
        .onSuccess(found -> opened = found)
        .compose(
            found ->
                Channels.readingIn(edgeName())
                    .answerAlone(vertx, chunk -> opened.admission.offer(chunk)))
        .recover(
            error ->
                Blocking.run(vertx, this::close)
                    .transform(closed -> Future.failedFuture(unusable(error))))
        .onSuccess(
            answering -> {
              chunks = answering;
              begin();
            });
  }

  /** Takes no more, finishes what it has taken, and gives the uplink a while to empty the spool. */
  @Override
  public Future<?> stop() {
    heartbeat.stop();
    return Future.join(chunks.unregister(), connecting.unregister())
        .compose(done -> renewal.stop())
        .compose(settled -> opened.admission.settled())
        .compose(stored -> opened.older.finish(opened.drain))
        .transform(done -> Blocking.run(vertx, this::close));
  }

  private Throwable unusable(Throwable error) {
    return UnusableDirectory.of(KEY, spool.dir(), user(), error);
  }

  private static String user() {
    return System.getProperty("user.name");
  }

  private Opened open() throws IOException {
    Disk.REAL.makeDirectories(spool.dir());
    Connections connections = new Connections(new SpoolMemo(spool.dir(), damages), time);
    Spool.Found found =
        Spool.open(spool, name, connections.memo(), damages, time, this::renumbered);
    try {
      return serve(found, connections);
    } catch (IOException | RuntimeException error) {
      found.close();
      throw error;
    }
  }

  private Opened serve(Spool.Found found, Connections connections) throws IOException {
    Journal journal = found.current().journal();
    RejectedLog rejectedLog = RejectedLog.open(spool.dir(), found.damages());
    Drain drain = drain(found.current(), rejectedLog);
    List<OlderEpochs.Epoch> epochs = new ArrayList<>();
    for (Spool each : found.older()) {
      epochs.add(new OlderEpochs.Epoch(each, drain(each, rejectedLog)));
    }
    SpoolIdentity identity = found.current().identity();
    IntakeWriter writer = new IntakeWriter(vertx, journal, rejectedLog);
    int stampBytes = ",\"_id\":\".".length() + identity.toString().length() + OFFSET_DIGITS;
    SpoolRoom room = new SpoolRoom(spool, stampBytes, patience, journal, drain);
    return new Opened(
        identity,
        journal,
        connections,
        drain,
        new OlderEpochs(vertx, epochs, Retirement::remove),
        new Admission(vertx, spool, journal, writer, connections, drain, room, metrics, time));
  }

  private Drain drain(Spool of, RejectedLog rejectedLog) throws IOException {
    return new Drain(vertx, of, rejectedLog, batch, metrics, time, this::renew);
  }

  private void begin() {
    metrics.measure(this, opened.drain.carried() + opened.older.carried());
    connecting =
        Channels.connecting(edgeName()).answer(vertx, next -> opened.admission.number(next));
    heartbeat = new Heartbeat(vertx, this::state);
    drainAll();
  }

  private void drainAll() {
    Drain newest = opened.drain;
    log.info(
        "[spool] {} as {}, {} records wait for the uplink",
        spool.dir(),
        opened.identity,
        newest.waiting());
    opened.older.empty().onSuccess(emptied -> newest.start());
  }

  private Void close() throws IOException {
    if (opened != null) {
      opened.close();
    }
    return null;
  }

  // --- a new epoch

  /** On a worker thread. */
  private void renumbered(long count) {
    metrics.possibleDuplicates(count);
    log.warn(
        "[spool] {} records have new numbers; what the server has of them is there twice", count);
  }

  /**
   * The server knows more of the epoch that is being sent than is here: what waits of it gets other
   * numbers, and so does all that is newer.
   */
  private void renew(String why) {
    Opened old = opened;
    renewal.run(
        List.of(
            () -> {
              old.drain.stop();
              old.older.stop();
              return old.admission.stop();
            },
            () -> Blocking.run(vertx, () -> putAside(old, why)),
            () -> Blocking.run(vertx, this::open).onSuccess(fresh -> renewed(old, fresh))));
  }

  private Void putAside(Opened old, String why) throws IOException {
    old.close();
    old.connections.memo().keep();
    Spool.renumber(spool, old.identity, why, old.connections.memo(), damages, time);
    return null;
  }

  private void renewed(Opened old, Opened fresh) {
    opened = fresh;
    metrics.goesOn(old.journal, old.drain);
    drainAll();
  }

  private Fault fault() {
    Fault reading = opened.older.fault().or(opened.drain.fault());
    return opened.admission.fault().or(renewal.fault()).or(reading).or(Fault.damaged(damages));
  }

  private RoleState state() {
    Drain drain = opened.drain;
    OlderEpochs older = opened.older;
    return new RoleState(
        "batcher",
        edgeName(),
        fault(),
        drain.due() + older.waiting(),
        drain.done() + older.done(),
        metrics.counters(opened.journal, drain, older));
  }
}
