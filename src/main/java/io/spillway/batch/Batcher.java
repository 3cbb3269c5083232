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
  private Connections connections;
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

  /**
   * What the edge of a spool is called, which is given a name if it has none. Blocking.
   *
   * @throws IOException if the spool belongs to an edge of another name
   */
  public static String nameOf(EdgeConfig config) throws IOException {
    return SpoolIdentity.of(config.spool().dir(), config.name()).edge();
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
                vertx.executeBlocking(this::close).transform(closed -> Future.failedFuture(error)))
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
        .compose(stored -> drain.finish())
        .transform(done -> vertx.executeBlocking(this::close));
  }

  private Void open() throws IOException {
    identity = SpoolIdentity.of(spool.dir(), name);
    journal = openJournal();
    String key = SpoolKey.load(spool.dir(), identity.epoch());
    if (key == null && journal.next() == 1) {
      key = SpoolKey.create(spool.dir(), identity.epoch());
    } else if (key == null && new AcknowledgedPosition(spool.dir()).load() >= journal.next()) {
      key = renew();
    }
    RejectedLog rejectedLog = new RejectedLog(spool.dir());
    IntakeWriter writer = new IntakeWriter(vertx, journal, rejectedLog);
    Forwarding uplink = new Forwarding(vertx, identity, key, spool.dir(), journal::next);
    drain =
        new Drain(vertx, identity, uplink, journal, rejectedLog, spool.dir(), batch, metrics, time);
    SpoolRoom room = new SpoolRoom(spool, stamp().length + OFFSET_DIGITS, patience, journal, drain);
    admission =
        new Admission(vertx, spool, journal, writer, connections, drain, room, metrics, time);
    return null;
  }

  private byte[] stamp() {
    String prefix = ",\"_id\":\"" + identity.edge() + '.' + identity.epoch() + '.';
    return prefix.getBytes(StandardCharsets.US_ASCII);
  }

  private Journal openJournal() throws IOException {
    connections = new Connections(new SpoolMemo(spool.dir()), time);
    byte[] stamp = stamp();
    return Journal.open(
        JournalOptions.framed(spool.dir(), "spool")
            .withSegments(spool.segmentBytes(), Duration.ZERO)
            .withStamp(
                (offset, out) ->
                    out.put(stamp)
                        .put(Long.toString(offset).getBytes(StandardCharsets.US_ASCII))
                        .put((byte) '"'))
            .withMemo(connections.memo()),
        time);
  }

  /**
   * A spool from before there were keys has been emptied: what comes now is of a new epoch, which
   * has one. The key is there before the epoch is, or nobody could tell that it should be.
   */
  private String renew() throws IOException {
    SpoolIdentity fresh = identity.renewed();
    String key = SpoolKey.create(spool.dir(), fresh.epoch());
    fresh.save(spool.dir());
    identity = fresh;
    journal.close();
    journal = openJournal();
    return key;
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
    drain.start();
  }

  private Void close() throws IOException {
    if (drain != null) { // else it was not opened
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
