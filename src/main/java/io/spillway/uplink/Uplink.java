package io.spillway.uplink;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.Batch;
import io.spillway.bus.Channels;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.Heartbeat;
import io.spillway.bus.RoleState;
import io.spillway.config.Config;
import io.spillway.config.Reconfigurable;
import io.spillway.config.UplinkConfig;
import io.spillway.retry.Backoff;
import io.spillway.retry.OutageLog;
import io.spillway.time.TimeSource;
import io.spillway.wire.CloseCode;
import io.spillway.wire.Wire;
import io.spillway.wire.WireMessage.Status;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the WebSocket to the server: connects, watches it, and connects again. */
public final class Uplink extends VerticleBase implements Reconfigurable {
  private static final Logger log = LoggerFactory.getLogger(Uplink.class);
  private static final int AT_ONCE = -1; // in the place of an attempt that waits
  private static final Fault CHANGED =
      new Fault(FaultKind.STOPPING, "connecting again with the changed settings");

  private final String instance;
  private final TimeSource time;
  private final Backoff backoff;
  private final OutageLog link = new OutageLog(log, "[uplink]");
  private final Outbox outbox = new Outbox();
  private final PlainLimit plainLimit = new PlainLimit();
  private final StatusReport report = new StatusReport();
  private final Counter connects;
  private final Counter acks;
  private final Counter statusSent;
  private final Counter statusSkipped;

  private UplinkConfig config;
  private Dialer dialer;
  private WebSocketClient client; // a field, or the garbage collector closes it
  private MessageConsumer<Batch> batches;
  private MessageConsumer<RoleState> states;
  private Heartbeat heartbeat;
  private Connection connection;
  private int attempt;
  private long retryTimer = -1;
  private boolean stopping;

  /**
   * @param instance which edge, for the role's state
   */
  public Uplink(UplinkConfig config, String instance, MeterRegistry registry, TimeSource time) {
    this.time = time;
    this.config = config;
    this.instance = instance;
    backoff = new Backoff(config.reconnect(), config.reconnectMax());
    connects = registry.counter("spillway.uplink.connects");
    acks = registry.counter("spillway.uplink.acks");
    statusSent = registry.counter("spillway.uplink.status", "outcome", "sent");
    statusSkipped = registry.counter("spillway.uplink.status", "outcome", "skipped");
    Gauge.builder("spillway.uplink.connected", this, u -> u.connection == null ? 0 : 1)
        .register(registry);
    Gauge.builder("spillway.uplink.batches", outbox, Outbox::size).register(registry);
  }

  @Override
  public Future<?> start() {
    dialer = new Dialer(vertx, config);
    client = dialer.client(vertx);
    batches = Channels.BATCH_FORWARD.answer(vertx, this::forward);
    states = Channels.ROLE_STATE.listen(vertx, state -> report.heard(state, time.monotonicMs()));
    heartbeat = new Heartbeat(vertx, this::state);
    connect();
    return Future.succeededFuture();
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
    attempt = 0;
    Future<Void> left = Future.succeededFuture();
    if (connection != null) {
      left = connection.goAway(CHANGED.words());
    }
    if (vertx.cancelTimer(retryTimer)) {
      connect();
    } // else an attempt with the old settings is on its way, and sees that they have changed
    left.otherwiseEmpty().compose(gone -> old.close()).onFailure(this::ignore);
  }

  private Future<Long> forward(Batch batch) {
    Promise<Long> answer = Promise.promise();
    outbox.add(batch, answer);
    if (connection != null) {
      connection.exchange.pump();
    }
    return answer.future();
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
    link.up();
    log.info(
        "[uplink] connected to {} ({})",
        dialer.maskedUrl(),
        plain ? "plain: the server gives no acknowledgements" : "acknowledged");
    connection = new Connection(socket, plain);
    connection.exchange.pump();
  }

  private void down(Fault why) {
    if (stopping) {
      return;
    }
    link.down(why);
    long delayMs = attempt == AT_ONCE ? 1 : Math.max(1, backoff.before(attempt).toMillis());
    attempt++;
    retryTimer = vertx.setTimer(delayMs, timer -> connect());
  }

  private void ignore(Throwable error) {
    log.debug("[uplink] on a connection that is gone: {}", error.toString());
  }

  private RoleState state() {
    return new RoleState(
        "uplink",
        instance,
        link.fault(),
        outbox.records(),
        outbox.done(),
        Map.of(
            "connected", connection == null ? 0L : 1L,
            "batches", (long) outbox.size(),
            "connects", (long) connects.count(),
            "acks", (long) acks.count()));
  }

  /** One connection, from the upgrade to its end. Every way out of it ends in {@link #ended}. */
  private final class Connection implements Exchange.Listener {
    private final WebSocket socket;
    private final Exchange exchange;
    private final Watchdog watchdog;
    private long statusTimer = -1;
    private boolean over;

    Connection(WebSocket socket, boolean plain) {
      this.socket = socket;
      exchange =
          plain
              ? new PlainExchange(outbox, plainLimit, this::send, this::ping, this)
              : new AcknowledgedExchange(outbox, this::send, this);
      watchdog =
          new Watchdog(vertx, config, time, exchange, () -> ping(Buffer.buffer()), this::abandon);
      socket.textMessageHandler(exchange::text);
      socket.pongHandler(
          payload -> {
            watchdog.pong();
            exchange.pong(payload);
          });
      socket.exceptionHandler(Uplink.this::ignore); // the close that follows says it
      socket.closeHandler(
          gone -> {
            exchange.closed(socket.closeStatusCode());
            ended(dialer.explainClose(socket.closeStatusCode(), socket.closeReason()));
          });
    }

    @Override
    public void welcomed(long next) {
      watchdog.progress();
      outbox.acknowledge(next);
      exchange.pump();
    }

    /** Only now the link has proved itself: a server may welcome, and then fail to store. */
    @Override
    public void acknowledged(long next) {
      acks.increment();
      attempt = 0;
      welcomed(next);
    }

    @Override
    public void helloAgain(String reason) {
      attempt = AT_ONCE;
      abandon(reason);
    }

    @Override
    public void statusWanted(int everyMs, int bytesMax) {
      report.begin();
      long ms = Math.max(StatusReport.LEAST_MS, everyMs);
      statusTimer = vertx.setPeriodic(ms, tick -> tell(bytesMax));
    }

    /** How the edge is; not now if batches wait for the network already, or the end is near. */
    private void tell(int bytesMax) {
      if (socket.isClosed() || socket.writeQueueFull()) {
        statusSkipped.increment();
        return;
      }
      Status status = report.turn(time.monotonicMs());
      if (status != null) {
        statusSent.increment();
        socket.writeTextMessage(Wire.encode(status, bytesMax)).onFailure(Uplink.this::ignore);
      }
    }

    /** Gives the connection up; it may be dead, so nobody waits for it to close. */
    @Override
    public void abandon(String reason) {
      abandon(new Fault(FaultKind.OTHER, reason));
    }

    private void abandon(Fault why) {
      ended(why);
      socket.close().onFailure(Uplink.this::ignore);
    }

    Future<Void> goAway(String reason) {
      ended(new Fault(FaultKind.STOPPING, reason));
      return socket.close(CloseCode.GOING_AWAY.code(), "the edge is " + reason);
    }

    private void send(String text) {
      watchdog.sent();
      socket.writeTextMessage(text).onFailure(Uplink.this::ignore);
    }

    private void ping(Buffer payload) {
      socket.writePing(payload).onFailure(Uplink.this::ignore);
    }

    private void ended(Fault why) {
      if (!over) {
        over = true;
        watchdog.stop();
        vertx.cancelTimer(statusTimer);
        connection = null;
        down(why);
      }
    }
  }
}
