package io.spillway.source;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.Channels;
import io.spillway.bus.Connecting;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.Heartbeat;
import io.spillway.bus.RoleState;
import io.spillway.config.Config;
import io.spillway.config.MqttConfig;
import io.spillway.config.Reconfigurable;
import io.spillway.config.Scalars;
import io.spillway.message.Enricher;
import io.spillway.net.Addresses;
import io.spillway.retry.Backoff;
import io.spillway.retry.OutageLog;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Subscribes, gathers what comes, has it stored, and then acknowledges it to the broker. */
public final class MqttSource extends VerticleBase implements Reconfigurable {
  private static final Logger log = LoggerFactory.getLogger(MqttSource.class);
  private static final Duration RECONNECT_FIRST = Duration.ofSeconds(1);
  private static final Duration RECONNECT_MAX = Duration.ofSeconds(30);
  private static final long LOOK_EVERY_MS = 60_000;

  private final MqttConfig config;
  private final LingerPolicy lingerPolicy;
  private final String edge;
  private final String clientId;
  private final TimeSource time;
  private final Rejections rejections;
  private final SilenceWatch silence = new SilenceWatch();
  private final Backoff backoff = new Backoff(RECONNECT_FIRST, RECONNECT_MAX);
  private final OutageLog broker;
  private final Counter received;
  private final Counter connects;
  private final SubscriptionMemory memory;

  private NetClient client;
  private Addresses addresses;
  private SpoolForwarder forwarder;
  private Heartbeat heartbeat;
  private Subscriber subscriber;
  private BrokerConnection connection;
  private boolean up;
  private int attempt;
  private boolean stopping;

  /**
   * @param edge whose spool takes the messages
   * @param clientId stable, or the broker forgets the session
   * @param spoolDir where to remember what is subscribed to; null: nowhere
   */
  public MqttSource(
      MqttConfig config,
      LingerPolicy lingerPolicy,
      String edge,
      String clientId,
      Path spoolDir,
      MeterRegistry registry,
      TimeSource time) {
    this.config = config;
    this.lingerPolicy = lingerPolicy;
    this.edge = edge;
    this.clientId = clientId;
    this.time = time;
    memory = new SubscriptionMemory(spoolDir, clientId, config.url());
    broker = new OutageLog(log, "[mqtt]", time);
    rejections = new Rejections(registry, time);
    received = registry.counter("spillway.source.messages");
    connects = registry.counter("spillway.source.connects");
    Gauge.builder("spillway.source.connected", this, source -> source.up ? 1 : 0)
        .register(registry);
  }

  @Override
  public Future<?> start() {
    client = vertx.createNetClient(clientOptions(config));
    addresses = new Addresses(vertx, config.host());
    Enricher enricher = new Enricher(config.scalars() == Scalars.WRAP);
    forwarder = new SpoolForwarder(vertx, edge, lingerPolicy, enricher, rejections, time);
    vertx.setPeriodic(LOOK_EVERY_MS, tick -> rejections.look()); // ends with this verticle
    return Subscriber.open(vertx, config, memory, time)
        .onSuccess(
            ready -> {
              subscriber = ready;
              heartbeat = new Heartbeat(vertx, this::state);
              connect();
            });
  }

  /** Reads no more, has stored what it has read, and leaves the rest to the broker. */
  @Override
  public Future<?> stop() {
    stopping = true;
    heartbeat.stop();
    if (connection != null) {
      connection.hold(true);
    }
    return forwarder
        .finish()
        .compose(done -> connection == null ? Future.succeededFuture() : connection.disconnect())
        .eventually(client::close);
  }

  /** Subscribes to topics that are new, and unsubscribes from those that are gone. */
  @Override
  public void reconfigure(Config fresh) {
    context.runOnContext(on -> subscriber.want(fresh.edge().mqtt().topics()));
  }

  private void connect() {
    Link link = new Link();
    connection = link.connection;
    link.connection
        .open(client, addresses, link::number)
        .onSuccess(link::connected)
        .onFailure(error -> down(BrokerTrouble.explain(config, error)));
  }

  private void down(Fault why) {
    if (stopping) {
      return;
    }
    up = false;
    broker.down(why);
    long delayMs = backoff.before(attempt++).toMillis();
    vertx.setTimer(
        Math.max(1, delayMs),
        timer -> {
          if (!stopping) {
            connect();
          }
        });
  }

  /** With which it connects. */
  static NetClientOptions clientOptions(MqttConfig config) {
    NetClientOptions options =
        new NetClientOptions().setConnectTimeout(5_000).setTcpNoDelay(true).setSsl(config.tls());
    if (config.tls()) {
      options.setHostnameVerificationAlgorithm("HTTPS");
      if (config.caFile() != null) {
        options.setTrustOptions(new PemTrustOptions().addCertPath(config.caFile().toString()));
      }
    }
    return options;
  }

  private RoleState state() {
    return new RoleState(
        "source",
        clientId,
        broker.fault().or(forwarder.fault()).or(subscriber.fault()),
        forwarder.waiting(),
        forwarder.acknowledged(),
        Map.of(
            "connected", up ? 1L : 0L,
            "messages", (long) received.count(),
            "waiting", (long) forwarder.waiting(),
            "connects", (long) connects.count()));
  }

  /** What happens on one connection. */
  private final class Link implements BrokerConnection.Listener {
    private static final long BRIEF_MS = 3_000;

    /** A connection that has lasted so long is no reason to wait longer for the next. */
    private static final long LASTED_MS = 10_000;

    private final NettyBrokerConnection connection =
        new NettyBrokerConnection(vertx, config, clientId, false, this, silence, time);
    private long sinceMs;
    private long acknowledgedBefore;
    private int number;
    private boolean knownMake;

    /** Before CONNECT: the spool numbers it, and may want to know more of the broker. */
    Future<?> number() {
      Connecting next = new Connecting(config.url(), clientId, false, -1, false);
      return Channels.connecting(edge)
          .request(vertx, next)
          .compose(given -> given > 0 ? Future.succeededFuture(given) : numberWhenAsked())
          .onSuccess(given -> number = given);
    }

    private Future<Integer> numberWhenAsked() {
      return BrokerRun.ask(vertx, client, addresses, config, clientId, time)
          .compose(
              asked -> {
                knownMake = asked.knownMake();
                return Channels.connecting(edge).request(vertx, asked);
              });
    }

    /** Called before the first message of the session, which may be right behind the CONNACK. */
    void connected(boolean sessionPresent) {
      up = true;
      sinceMs = time.monotonicMs();
      acknowledgedBefore = forwarder.acknowledged();
      connects.increment();
      broker.up();
      log.info(
          "[mqtt] connected to {} as {} ({} session)",
          config.url(),
          clientId,
          sessionPresent ? "kept" : "new");
      forwarder.from(connection, number, !sessionPresent, knownMake);
      subscriber.connected(connection, sessionPresent);
    }

    @Override
    public void received(Received message) {
      received.increment();
      forwarder.add(message);
    }

    @Override
    public void released(int packetId) {
      forwarder.release(packetId);
    }

    @Override
    public void turnEnded() {
      forwarder.turnEnded();
    }

    @Override
    public void subscribed(int packetId, List<Integer> codes) {
      subscriber.subscribed(packetId, codes);
    }

    @Override
    public void unsubscribed(int packetId) {
      subscriber.unsubscribed(packetId);
    }

    @Override
    public void pinged() {
      forwarder.underWay().pinged();
    }

    @Override
    public void answered() {
      forwarder.underWay().ponged();
    }

    @Override
    public boolean wantsPing() {
      return forwarder.underWay().wantsPing();
    }

    @Override
    public void closed(Fault why) {
      subscriber.disconnected();
      long lastedMs = time.monotonicMs() - sinceMs;
      if (lastedMs >= LASTED_MS || forwarder.acknowledged() > acknowledgedBefore) {
        attempt = 0; // or a packet that cannot be read would come again once a second
      }
      boolean cut = why.kind() == FaultKind.CUT;
      down(cut && lastedMs < BRIEF_MS ? BrokerTrouble.explainBrief(why, clientId) : why);
    }
  }
}
