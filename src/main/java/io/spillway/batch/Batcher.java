package io.spillway.batch;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.Channels;
import io.spillway.bus.Chunk;
import io.spillway.bus.Connecting;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.Heartbeat;
import io.spillway.bus.RoleState;
import io.spillway.config.BatchConfig;
import io.spillway.config.EdgeConfig;
import io.spillway.config.SpoolConfig;
import io.spillway.journal.Damages;
import io.spillway.journal.Directories;
import io.spillway.journal.Journal;
import io.spillway.journal.RejectedLog;
import io.spillway.journal.UnusableDirectory;
import io.spillway.time.TimeSource;
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
  private final TimeSource time;

  private SpoolIdentity identity;
  private Journal journal;
  private Damages damages;
  private Drain drain;
  private OlderEpochs older;
  private Admission admission;
  private MessageConsumer<Chunk> chunks;
  private MessageConsumer<Connecting> connecting;
  private Heartbeat heartbeat;

  public Batcher(EdgeConfig config, MeterRegistry registry, TimeSource time) {
    this.time = time;
    name = config.name();
    spool = config.spool();
    batch = config.batch();
    metrics = new BatchMetrics(registry, spool.maxBytes());
    patience = config.uplink() == null ? ACK_TIMEOUT : config.uplink().ackTimeout();
  }

  /**
   * What the edge of a spool is called, which is given a name if it has none. Blocking.
   *
   * @throws IOException if the spool has to be opened for that, and cannot be
   */
  public static String nameOf(EdgeConfig config, TimeSource time) throws IOException {
    return config.name() != null ? config.name() : Spool.nameOf(config.spool(), time);
  }

  /** What the edge of this spool is called; known once the batcher has started. */
  public String edgeName() {
    return identity.edge();
  }

  @Override
  public Future<?> start() {
    return vertx
        .executeBlocking(this::open)
        .compose(opened -> Channels.readingIn(identity.edge()).answerAlone(vertx, admission::offer))
        .recover(
            error ->
                vertx
                    .executeBlocking(this::close)
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
        .compose(done -> admission.settled())
        .compose(stored -> older.finish(drain))
        .transform(done -> vertx.executeBlocking(this::close));
  }

  private Throwable unusable(Throwable error) {
    String user = System.getProperty("user.name");
    return UnusableDirectory.of("edge.spool.dir", spool.dir(), user, error);
  }

  private Void open() throws IOException {
    Directories.make(spool.dir());
    Connections connections = new Connections(new SpoolMemo(spool.dir()), time);
    Spool.Found found = Spool.open(spool, name, connections.memo(), time);
    damages = found.damages();
    identity = found.current().identity();
    journal = found.current().journal();
    RejectedLog rejectedLog = new RejectedLog(spool.dir());
    drain = drain(found.current(), rejectedLog);
    List<OlderEpochs.Epoch> epochs = new ArrayList<>();
    for (Spool each : found.older()) {
      epochs.add(new OlderEpochs.Epoch(each, drain(each, rejectedLog)));
    }
    older = new OlderEpochs(vertx, epochs);
    IntakeWriter writer = new IntakeWriter(vertx, journal, rejectedLog);
    int stampBytes = ",\"_id\":\".".length() + identity.toString().length() + OFFSET_DIGITS;
    SpoolRoom room = new SpoolRoom(spool, stampBytes, patience, journal, drain);
    admission =
        new Admission(vertx, spool, journal, writer, connections, drain, room, metrics, time);
    return null;
  }

  private Drain drain(Spool of, RejectedLog rejectedLog) throws IOException {
    return new Drain(vertx, of, rejectedLog, batch, metrics, time);
  }

  private void begin() {
    metrics.measure(journal, drain);
    connecting = Channels.connecting(identity.edge()).answer(vertx, admission::number);
    heartbeat = new Heartbeat(vertx, this::state);
    log.info(
        "[spool] {} as {}.{}, {} records wait for the uplink",
        spool.dir(),
        identity.edge(),
        identity.epoch(),
        drain.waiting());
    older.empty().onSuccess(newest -> drain.start());
  }

  private Void close() throws IOException {
    if (admission != null) { // else it was not opened
      older.close();
      drain.close();
      journal.close();
    }
    return null;
  }

  private RoleState state() {
    return new RoleState(
        "batcher",
        identity.edge(),
        fault(),
        drain.due() + older.waiting(),
        drain.done() + older.done(),
        metrics.counters(journal, drain, older));
  }

  private Fault fault() {
    Fault ahead =
        drain.isBehindServer()
            ? new Fault(FaultKind.OTHER, "the server is ahead of this spool: see the log")
            : Fault.NONE;
    return admission.fault().or(ahead).or(Fault.damaged(damages));
  }
}
