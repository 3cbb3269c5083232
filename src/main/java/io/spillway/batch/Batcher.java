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
import io.spillway.journal.Journal;
import io.spillway.journal.JournalOptions;
import io.spillway.journal.RejectedLog;
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
  private Drain drain;
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
    return Future.join(chunks.unregister(), connecting.unregister())
        .compose(done -> admission.settled())
        .compose(stored -> drain.finish())
        .transform(done -> vertx.executeBlocking(this::close));
  }

  private Void open() throws IOException {
    identity = SpoolIdentity.of(spool.dir(), name);
    Connections connections = new Connections(new SpoolMemo(spool.dir()), time);
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
                .withMemo(connections.memo()),
            time);
    RejectedLog rejectedLog = new RejectedLog(spool.dir());
    IntakeWriter writer = new IntakeWriter(vertx, journal, rejectedLog);
    drain = new Drain(vertx, identity, journal, rejectedLog, spool.dir(), batch, metrics, time);
    SpoolRoom room = new SpoolRoom(spool, stamp.length + OFFSET_DIGITS, patience, journal, drain);
    admission =
        new Admission(vertx, spool, journal, writer, connections, drain, room, metrics, time);
    return null;
  }

  private void begin() {
    metrics.measure(journal, drain);
    chunks = Channels.READING_IN.answer(vertx, admission::offer);
    connecting = Channels.CONNECTING.answer(vertx, admission::number);
    heartbeat = new Heartbeat(vertx, this::state);
    log.info(
        "[spool] {} as {}.{}, {} records wait for the uplink",
        spool.dir(),
        identity.edge(),
        identity.epoch(),
        drain.waiting());
    drain.start();
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
    return admission.fault().or(ahead);
  }
}
