package io.spillway.uplink;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.Batch;
import io.spillway.bus.Channels;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.Forwarded;
import io.spillway.bus.Heartbeat;
import io.spillway.bus.RoleState;
import io.spillway.config.Config;
import io.spillway.config.Reconfigurable;
import io.spillway.config.UplinkConfig;
import io.spillway.config.UplinkMode;
import io.spillway.retry.Patience;
import io.spillway.retry.RateLimitedLog;
import io.spillway.time.TimeSource;
import io.spillway.wire.CloseCode;
import io.spillway.wire.Wire;
import io.spillway.wire.WireMessage.Status;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the WebSocket to the server: connects, watches it, and connects again. */
public final class Uplink extends VerticleBase implements Reconfigurable {
  private static final Logger log = LoggerFactory.getLogger(Uplink.class);
  private static final Fault CHANGED =
      new Fault(FaultKind.STOPPING, "connecting again with the changed settings");

  private final Callable<String> name;
  private final TimeSource time;
  private final LinkHistory history;
  private final RateLimitedLog rejects = new RateLimitedLog(log);
  private final Patience patience = new Patience();
  private final Outbox outbox = new Outbox();
  private final PlainLimit plainLimit = new PlainLimit();
  private final StatusReport report = new StatusReport();
  private final Counter connects;
  private final Counter acks;
  private final Counter rejected;
  private final Counter statusSent;
  private final Counter statusSkipped;

  private UplinkConfig config;
  private String edge;
  private Dialer dialer;
  private WebSocketClient client; // a field, or the garbage collector closes it
  private MessageConsumer<Batch> batches;
  private MessageConsumer<RoleState> states;
  private Heartbeat heartbeat;
  private Connection connection;
  private long retryTimer = -1;
  private boolean stopping;

  /**
   * @param name what the edge is called; may block, for the name may be in the spool
   */
  public Uplink(
      UplinkConfig config, Callable<String> name, MeterRegistry registry, TimeSource time) {
    this.time = time;
    this.config = config;
    this.name = name;
    history = new LinkHistory(log, config);
    connects = registry.counter("spillway.uplink.connects");
    acks = registry.counter("spillway.uplink.acks");
    rejected = registry.counter("spillway.uplink.rejected");
    statusSent = registry.counter("spillway.uplink.status", "outcome", "sent");
    statusSkipped = registry.counter("spillway.uplink.status", "outcome", "skipped");
    Gauge.builder("spillway.uplink.connected", this, u -> u.connection == null ? 0 : 1)
        .register(registry);
    Gauge.builder("spillway.uplink.plain", history, h -> h.isPlain() ? 1 : 0).register(registry);
    Gauge.builder("spillway.uplink.lost", history, LinkHistory::lost).register(registry);
    Gauge.builder("spillway.uplink.batches", outbox, Outbox::size).register(registry);
  }

  @Override
  public Future<?> start() {
    return Blocking.run(vertx, name)
        .compose(
            called -> {
              edge = called;
              return Channels.batchForward(edge).answerAlone(vertx, this::forward);
            })
        .onSuccess(
            answering -> {
              batches = answering;
              begin();
            });
  }

  private void begin() {
    dialer = new Dialer(vertx, config);
    client = dialer.client(vertx);
    states = Channels.ROLE_STATE.listen(vertx, state -> report.heard(state, time.monotonicMs()));
    heartbeat = new Heartbeat(vertx, this::state);
    connect();
  }

  @Override
  public Future<?> stop() {
    stopping = true;
    vertx.cancelTimer(retryTimer);
    heartbeat.stop();
    return batches
        .unregister()
        .compose(done -> states.unregister())
        .compose(
            done -> connection == null ? Future.succeededFuture() : connection.goAway("stopping"))
        .otherwiseEmpty()
        .compose(closed -> client.close());
  }

  /** Connects anew if the server, the token or the authorities to trust are others. */
  @Override
  public void reconfigure(Config fresh) {
    context.runOnContext(on -> access(fresh.edge().uplink()));
  }

  private void access(UplinkConfig fresh) {
    if (stopping || fresh.equals(config)) {
      return;
    }
    WebSocketClient old = client;
    config = fresh;
    dialer = new Dialer(vertx, fresh);
    client = dialer.client(vertx);
    history.beginAgain();
    plainLimit.forget();
    Future<Void> left = Future.succeededFuture();
    if (connection != null) {
      left = connection.goAway(CHANGED.words());
    }
    if (vertx.cancelTimer(retryTimer)) {
      connect();
    } // else an attempt with the old settings is on its way, and sees that they have changed
    left.otherwiseEmpty().compose(gone -> old.close()).onFailure(this::ignore);
  }

  private Future<Forwarded> forward(Batch batch) {
    Promise<Long> answer = Promise.promise();
    outbox.add(batch, answer);
    if (connection != null) {
      connection.pump();
    }
    return answer
        .future()
        .map(next -> batch.forwarded(next, isAcknowledged(batch, next), outbox.assured()));
  }

  private boolean isAcknowledged(Batch batch, long next) {
    boolean plain = config.mode() == UplinkMode.PLAIN;
    return !plain && history.isAcknowledged(batch) && outbox.isAssured(next);
  }

  private void connect() {
    Dialer dialing = dialer;
    dialing
        .connect(client)
        .onSuccess(
            socket -> {
              if (dialing != dialer || stopping) {
                socket.close(CloseCode.GOING_AWAY.code()).onFailure(this::ignore);
                down(CHANGED);
              } else {
                connected(socket);
              }
            })
        .onFailure(error -> down(dialing == dialer ? dialer.explain(error) : CHANGED));
  }

  private void connected(WebSocket socket) {
    connects.increment();
    boolean plain = !Wire.SUBPROTOCOL.equals(socket.subProtocol());
    history.connected(dialer.maskedUrl(), plain);
    connection = new Connection(this, socket, plain);
    connection.pump();
  }

  private void down(Fault why) {
    if (!stopping) {
      again(history.down(why));
    }
  }

  private void again(long delayMs) {
    log.debug("[uplink] tries again in {} ms", delayMs);
    retryTimer = vertx.setTimer(delayMs, timer -> connect());
  }

  // --- what the connection tells and asks

  Outbox outbox() {
    return outbox;
  }

  LinkHistory history() {
    return history;
  }

  PlainLimit plainLimit() {
    return plainLimit;
  }

  Watchdog watch(Exchange exchange, Runnable ping, Consumer<Fault> giveUp) {
    return new Watchdog(vertx, config, time, exchange, patience, ping, giveUp);
  }

  /** Why a batch must not go to a plain server; null if it may. */
  String forbidsPlain(Batch batch) {
    return history.forbidsPlain(batch, config.mode());
  }

  /** The server, which acknowledges, has everything below. */
  void welcomed(long next) {
    String epoch = outbox.latest().epoch();
    boolean idle = outbox.beyond(next) == null;
    history.welcomed(epoch, idle);
    outbox.acknowledge(next);
  }

  void acknowledged(long next) {
    acks.increment();
    history.acknowledged();
    plainLimit.arrives(time.monotonicMs());
    outbox.acknowledge(next);
  }

  void rejected(long seq, String reason) {
    rejected.increment();
    rejects.warn(
        "[uplink] the server does not store "
            + seq
            + ": "
            + reason
            + "; it keeps it in its rejected.ndjson");
  }

  long statusEvery(long everyMs, Runnable tell) {
    report.begin();
    return vertx.setPeriodic(everyMs, tick -> tell.run());
  }

  /** What is to be told of the edge now; null: nothing. */
  Status statusDue(boolean networkIsSlow) {
    if (networkIsSlow) {
      statusSkipped.increment();
      return null;
    }
    Status status = report.turn(time.monotonicMs());
    if (status != null) {
      statusSent.increment();
    }
    return status;
  }

  Fault explainClose(Short code, String reason) {
    return dialer.explainClose(code, reason);
  }

  void ended(Fault why, boolean distrusted, long statusTimer) {
    vertx.cancelTimer(statusTimer);
    connection = null;
    if (!stopping) {
      again(distrusted ? history.distrusted(why) : history.down(why));
    }
  }

  void ignore(Throwable error) {
    log.debug("[uplink] on a connection that is gone: {}", error.toString());
  }

  private RoleState state() {
    return new RoleState(
        "uplink",
        edge,
        history.fault(),
        outbox.records(),
        outbox.done(),
        Map.of(
            "connected", connection == null ? 0L : 1L,
            "batches", (long) outbox.size(),
            "connects", (long) connects.count(),
            "acks", (long) acks.count(),
            "rejected", (long) rejected.count(),
            "lost", history.lost(),
            "plain", history.isPlain() ? 1L : 0L));
  }
}
