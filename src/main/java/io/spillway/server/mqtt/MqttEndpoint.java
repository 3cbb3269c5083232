package io.spillway.server.mqtt;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.Heartbeat;
import io.spillway.bus.RoleState;
import io.spillway.config.GatewayConfig;
import io.spillway.retry.NetworkFault;
import io.spillway.retry.Occasionally;
import io.spillway.retry.Transition;
import io.spillway.server.auth.Admission;
import io.spillway.server.auth.Doorkeeper;
import io.spillway.server.auth.Origins;
import io.spillway.server.auth.Pass;
import io.spillway.server.auth.Refusal;
import io.spillway.wire.CloseCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /mqtt}: checks who comes, connects to the broker, and only then makes a WebSocket of
 * the request, so that a broker that is away is an answer of HTTP.
 */
public final class MqttEndpoint {
  private static final Logger log = LoggerFactory.getLogger(MqttEndpoint.class);

  private static final long STOP_WITHIN_MS = 2_000;

  /** What all unfinished packets may take, and again all that waits for slow browsers. */
  private static final long MEMORY = Runtime.getRuntime().maxMemory() / 8;

  /** The second is how old clients call it. */
  public static final List<String> SUBPROTOCOLS = List.of("mqtt", "mqttv3.1");

  /** How long a browser may take nothing while too many do not. */
  private static final Duration HURRY = Duration.ofSeconds(1);

  private static final Set<String> PATHS = Set.of("/mqtt", "/mqtt/");
  private static final String OFFERED = "Sec-WebSocket-Protocol";
  private static final Refusal OFF =
      new Refusal(404, "path", "MQTT over WebSocket is off: server.mqtt.url turns it on");
  private static final Refusal NO_WEB_SOCKET =
      new Refusal(426, "protocol", "a WebSocket with the subprotocol mqtt is spoken here");
  private static final Refusal NO_MQTT =
      new Refusal(400, "protocol", "the WebSocket must offer the subprotocol mqtt");
  private static final Refusal TOKEN =
      new Refusal(401, "token", "missing or wrong token; server.mqtt needs a live token");

  private final Vertx vertx;
  private final IntUnaryOperator actualPort;
  private final Doorkeeper doorkeeper;
  private final Origins origins;
  private final Admission admission;
  private final GatewayMetrics metrics;
  private final Occasionally slow = new Occasionally(log);
  private final Transition broker = new Transition(log, "[mqtt gateway]");

  /** Each with what is to be done when it has gone. */
  private final Map<Bridge, Runnable> bridges = new HashMap<>();

  private GatewayConfig config;
  private NetClient client;
  private Heartbeat heartbeat;
  private long sweep;
  private int opening;
  private long heldBytes;
  private Promise<Void> empty;

  /**
   * @param config null: the route is off
   * @param actualPort where the broker really is, by the configured port
   */
  public MqttEndpoint(
      Vertx vertx,
      GatewayConfig config,
      IntUnaryOperator actualPort,
      Doorkeeper doorkeeper,
      Origins origins,
      Admission admission,
      MeterRegistry registry) {
    this.vertx = vertx;
    this.config = config;
    this.actualPort = actualPort;
    this.doorkeeper = doorkeeper;
    this.origins = origins;
    this.admission = admission;
    metrics = new GatewayMetrics(registry);
    metrics.gauge("open", bridges::size);
  }

  /** Whether a request is for this endpoint. */
  public static boolean isFor(HttpServerRequest request) {
    return PATHS.contains(request.path());
  }

  /** Makes ready to connect to the broker; does not connect yet. */
  public void start() {
    if (config != null) {
      client = vertx.createNetClient(options(config));
      sweep = vertx.setPeriodic(sweepMs(config), tick -> sweep(System.nanoTime()));
      heartbeat = new Heartbeat(vertx, this::state);
    }
  }

  private static long sweepMs(GatewayConfig config) {
    long shortest =
        List.of(config.connect(), config.ping(), config.idle(), config.slow()).stream()
            .mapToLong(Duration::toMillis)
            .min()
            .getAsLong();
    return Math.max(20, Math.min(1_000, shortest / 4));
  }

  private static NetClientOptions options(GatewayConfig config) {
    int connectMs = (int) config.connect().toMillis();
    NetClientOptions options =
        new NetClientOptions()
            .setConnectTimeout(connectMs)
            .setSslHandshakeTimeout(connectMs)
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true)
            .setSsl(config.tls());
    if (config.tls()) {
      options.setHostnameVerificationAlgorithm("HTTPS");
      if (config.caFile() != null) {
        options.setTrustOptions(new PemTrustOptions().addCertPath(config.caFile().toString()));
      }
    }
    return options;
  }

  /** Closes every connection, and succeeds when they are gone, or soon. */
  public Future<Void> close() {
    if (config == null) {
      return Future.succeededFuture();
    }
    heartbeat.stop();
    empty = Promise.promise();
    closeIf(bridge -> true, CloseCode.GOING_AWAY, "the server is stopping");
    if (bridges.isEmpty()) {
      empty.tryComplete();
    }
    long timer = vertx.setTimer(STOP_WITHIN_MS, late -> empty.tryComplete());
    return empty
        .future()
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              vertx.cancelTimer(sweep);
            })
        .transform(done -> client.close());
  }

  /**
   * Tokens or rules have changed: closes the connections that would not be let in again, or whose
   * rules are others now.
   */
  public void reconfigure(GatewayConfig fresh) {
    if (config == null || fresh == null) {
      return;
    }
    boolean sameRules = config.hasRulesOf(fresh);
    config = fresh;
    closeIf(bridge -> !isValid(bridge.pass()), CloseCode.POLICY, "token revoked");
    closeIf(bridge -> !sameRules, CloseCode.GOING_AWAY, "other topics are allowed now");
  }

  private boolean isValid(Pass pass) {
    return pass.isAmbient() ? config.anonymous() : doorkeeper.stillValid(pass);
  }

  private void closeIf(Predicate<Bridge> which, CloseCode code, String reason) {
    List.copyOf(bridges.keySet()).stream()
        .filter(which)
        .forEach(bridge -> bridge.close(code, reason));
  }

  // --- coming in

  /** A request for this path that asks for no upgrade. */
  public void explain(HttpServerRequest request) {
    refuse(request, config == null ? OFF : NO_WEB_SOCKET);
  }

  /** A request that asks for an upgrade to WebSocket (RFC 6455 section 4.2). */
  public void upgrade(HttpServerRequest request) {
    if (config == null) {
      refuse(request, OFF);
      return;
    }
    String subprotocol = subprotocol(request);
    Pass pass = doorkeeper.admitReader(request, config.anonymous());
    Optional<Refusal> refusal = refusal(request, subprotocol, pass);
    if (refusal.isPresent()) {
      refuse(request, refusal.get());
      return;
    }
    request.headers().set(OFFERED, subprotocol); // or another one could be chosen for it
    if (origins.allows(request)) {
      connect(request, pass);
    } else {
      metrics.refused("origin");
      admission.showOut(request);
    }
  }

  /** The one to be used; null if none was offered that is understood. */
  private static String subprotocol(HttpServerRequest request) {
    String offered = String.join(",", request.headers().getAll(OFFERED));
    List<String> names = List.of(offered.trim().split("\\s*,\\s*", -1));
    return SUBPROTOCOLS.stream().filter(names::contains).findFirst().orElse(null);
  }

  private Optional<Refusal> refusal(HttpServerRequest request, String subprotocol, Pass pass) {
    if (!pass.mayRead()) {
      return Optional.of(TOKEN);
    }
    if (subprotocol == null) {
      return Optional.of(NO_MQTT);
    }
    if (bridges.size() + opening >= config.connections()) {
      return Optional.of(
          new Refusal(
              503, "mqtt", "limit of " + config.connections() + " MQTT connections reached"));
    }
    return admission.refusal(request);
  }

  private void refuse(HttpServerRequest request, Refusal refusal) {
    metrics.refused(refusal.cause());
    admission
        .refuse(request, refusal)
        .onFailure(error -> log.debug("[mqtt gateway] gone before refused: {}", error.toString()));
  }

  // --- to the broker, and then to the browser

  private void connect(HttpServerRequest request, Pass pass) {
    Admission.Ticket ticket = admission.enter(request);
    opening++;
    request.pause();
    GatewayConfig rules = config;
    client
        .connect(actualPort.applyAsInt(rules.port()), rules.host())
        .onSuccess(
            socket -> {
              broker.up();
              accept(request, pass, socket, rules, ticket);
            })
        .onFailure(
            error -> {
              opening--;
              ticket.leave();
              unreachable(request, error);
            });
  }

  private void unreachable(HttpServerRequest request, Throwable error) {
    String address = config.host() + ':' + actualPort.applyAsInt(config.port());
    broker.down(
        NetworkFault.explain(
            error, address, ": is the broker up?", "server.mqtt.url", "server.mqtt.caFile"));
    if (request.response().closed()) {
      metrics.refused("gone");
    } else {
      refuse(request, new Refusal(502, "broker", "the MQTT broker cannot be reached now"));
    }
  }

  private void accept(
      HttpServerRequest request,
      Pass pass,
      NetSocket socket,
      GatewayConfig rules,
      Admission.Ticket ticket) {
    socket.pause();
    String peer = admission.client(request);
    Future<ServerWebSocket> upgraded =
        request.response().closed() || empty != null
            ? Future.failedFuture("gone")
            : request.toWebSocket();
    upgraded
        .onSuccess(browser -> begin(peer, pass, browser, socket, rules, ticket))
        .onFailure(error -> abandon(socket, ticket));
  }

  /** The browser has gone, or had not asked for a WebSocket in the right way. */
  private void abandon(NetSocket socket, Admission.Ticket ticket) {
    opening--;
    ticket.leave();
    metrics.refused("gone");
    socket.close().onFailure(error -> log.debug("[mqtt gateway] {}", error.toString()));
  }

  private static boolean isActive(ServerWebSocket browser) {
    return ((WebSocketInternal) browser).channelHandlerContext().channel().isActive();
  }

  private void begin(
      String peer,
      Pass pass,
      ServerWebSocket browser,
      NetSocket socket,
      GatewayConfig rules,
      Admission.Ticket ticket) {
    if (browser.isClosed() || !isActive(browser)) {
      abandon(socket, ticket);
      return;
    }
    opening--;
    Gate gate =
        new Gate(
            TopicRules.of(rules.publish()),
            TopicRules.of(rules.subscribe()),
            rules.packetBytes(),
            metrics);
    Bridge bridge = new Bridge(this, rules, peer, pass, browser, socket, gate);
    bridges.put(bridge, ticket::leave);
    metrics.opened();
    log.debug("[mqtt gateway] {} connected", peer);
    bridge.open();
    if (!isValid(pass)) { // revoked while it was being connected
      bridge.close(CloseCode.POLICY, "token revoked");
    }
  }

  private void sweep(long now) {
    long each = config.queueBytes() + (long) config.packetBytes();
    long waiting = bridges.keySet().stream().filter(Bridge::isWaitedFor).count();
    boolean crowded = waiting * each > MEMORY;
    Duration slow = crowded && config.slow().compareTo(HURRY) > 0 ? HURRY : config.slow();
    List.copyOf(bridges.keySet()).forEach(bridge -> bridge.look(now, slow));
  }

  // --- what bridges tell

  /** Memory for unfinished packets is needed, or given back; false if there is none. */
  boolean hold(int bytes) {
    heldBytes += bytes;
    return bytes <= 0 || heldBytes <= MEMORY;
  }

  /** Memory for unfinished packets is given back. */
  void release(int bytes) {
    heldBytes -= bytes;
  }

  /** It closes both sides. */
  void closing(Bridge bridge, CloseCode code, String reason) {
    metrics.closed(code);
    log.debug("[mqtt gateway] {} is closed with {}: {}", bridge.peer(), code.code(), reason);
  }

  /** Its browser does not read. */
  void slow(Bridge bridge) {
    slow.warn("[mqtt gateway] " + bridge.peer() + " is closed as too slow: it does not read");
  }

  /** Something could not be written: its connection ends, or has ended. */
  void gone(Bridge bridge, Throwable error) {
    log.debug("[mqtt gateway] {}: {}", bridge.peer(), error.toString());
  }

  /** Both sides have gone; again does nothing. */
  void ended(Bridge bridge) {
    Runnable left = bridges.remove(bridge);
    if (left != null) {
      left.run();
      log.debug("[mqtt gateway] {} has gone", bridge.peer());
    }
    if (empty != null && bridges.isEmpty()) {
      empty.tryComplete();
    }
  }

  private RoleState state() {
    return new RoleState(
        "mqtt-gateway",
        config.host() + ':' + config.port(),
        "",
        0,
        metrics.openedCount(),
        Map.of(
            "clients",
            (long) bridges.size(),
            "refused",
            metrics.refusals(),
            "brokerReachable",
            broker.reason() == null ? 1L : 0L));
  }
}
