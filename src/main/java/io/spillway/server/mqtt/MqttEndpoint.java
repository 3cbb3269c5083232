package io.spillway.server.mqtt;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.Fault;
import io.spillway.bus.Heartbeat;
import io.spillway.bus.RoleState;
import io.spillway.config.GatewayConfig;
import io.spillway.config.ServerConfig;
import io.spillway.server.auth.Access;
import io.spillway.server.auth.ConnectionLimiter;
import io.spillway.server.auth.Grant;
import io.spillway.server.auth.Refusal;
import io.spillway.server.part.Part;
import io.spillway.time.TimeSource;
import io.spillway.wire.CloseCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /mqtt}: checks who comes, connects to the broker, and only then makes a WebSocket of
 * the request, so that a broker that is away is an answer of HTTP.
 */
public final class MqttEndpoint implements Part {
  private static final Logger log = LoggerFactory.getLogger(MqttEndpoint.class);

  /** The second is how old clients call it. */
  private static final List<String> SUBPROTOCOLS = List.of("mqtt", "mqttv3.1");

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
  private final TimeSource time;
  private final IntUnaryOperator actualPort;
  private final Access access;
  private final GatewayMetrics metrics;
  private final Bridges bridges;

  private GatewayConfig config;
  private BrokerDialer broker;
  private Heartbeat heartbeat;
  private long sweep;
  private int opening;

  /**
   * @param config null: the route is off
   * @param actualPort where the broker really is, by the configured port
   */
  public MqttEndpoint(
      Vertx vertx,
      GatewayConfig config,
      IntUnaryOperator actualPort,
      Access access,
      MeterRegistry registry,
      TimeSource time) {
    this.vertx = vertx;
    this.time = time;
    this.config = config;
    this.actualPort = actualPort;
    this.access = access;
    metrics = new GatewayMetrics(registry);
    bridges = new Bridges(vertx, metrics);
  }

  @Override
  public List<String> subprotocols() {
    return SUBPROTOCOLS;
  }

  /** Makes ready to connect to the broker; does not connect yet. */
  @Override
  public Future<?> mount(Router router) {
    for (String path : PATHS) {
      router
          .route(path)
          .handler(plain -> refuse(plain.request(), config == null ? OFF : NO_WEB_SOCKET));
    }
    if (config != null) {
      broker = new BrokerDialer(vertx, config, actualPort);
      sweep =
          vertx.setPeriodic(
              Bridges.sweepEveryMs(config), tick -> bridges.sweep(time.nanoTime(), config));
      heartbeat = new Heartbeat(vertx, this::state);
    }
    return Future.succeededFuture();
  }

  /** Closes every connection, and succeeds when they are gone, or soon. */
  @Override
  public Future<?> close() {
    if (config == null) {
      return Future.succeededFuture();
    }
    heartbeat.stop();
    return bridges
        .close()
        .transform(
            done -> {
              vertx.cancelTimer(sweep);
              return broker.close();
            });
  }

  /**
   * Tokens or rules have changed: closes the connections that would not be let in again, or whose
   * rules are others now.
   */
  @Override
  public void reload(ServerConfig server) {
    GatewayConfig fresh = server.mqtt();
    if (config == null || fresh == null) {
      return;
    }
    boolean sameRules = config.hasRulesOf(fresh);
    config = fresh;
    bridges.closeIf(bridge -> !isValid(bridge.grant), CloseCode.POLICY, "token revoked");
    bridges.closeIf(bridge -> !sameRules, CloseCode.GOING_AWAY, "other topics are allowed now");
  }

  private boolean isValid(Grant grant) {
    return grant.isAmbient() ? config.anonymous() : access.authenticator().stillValid(grant);
  }

  // --- coming in

  @Override
  public boolean upgrade(HttpServerRequest request) {
    boolean mine = PATHS.contains(request.path());
    if (mine) {
      admit(request);
    }
    return mine;
  }

  private void admit(HttpServerRequest request) {
    if (config == null) {
      refuse(request, OFF);
      return;
    }
    String subprotocol = subprotocol(request);
    Grant grant = access.authenticator().admitReader(request, config.anonymous());
    Optional<Refusal> refusal = refusal(request, subprotocol, grant);
    if (refusal.isPresent()) {
      refuse(request, refusal.get());
      return;
    }
    request.headers().set(OFFERED, subprotocol); // or another one could be chosen for it
    if (access.origins().allows(request)) {
      connect(request, grant);
    } else {
      metrics.refused("origin");
      access.limiter().showOut(request);
    }
  }

  /** The one to be used; null if none was offered that is understood. */
  private static String subprotocol(HttpServerRequest request) {
    String offered = String.join(",", request.headers().getAll(OFFERED));
    List<String> names = List.of(offered.trim().split("\\s*,\\s*", -1));
    return SUBPROTOCOLS.stream().filter(names::contains).findFirst().orElse(null);
  }

  private Optional<Refusal> refusal(HttpServerRequest request, String subprotocol, Grant grant) {
    if (!grant.mayRead()) {
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
    return access.limiter().refusal(request);
  }

  private void refuse(HttpServerRequest request, Refusal refusal) {
    metrics.refused(refusal.cause());
    access
        .limiter()
        .refuse(request, refusal)
        .onFailure(error -> log.debug("[mqtt gateway] gone before refused: {}", error.toString()));
  }

  // --- to the broker, and then to the browser

  private void connect(HttpServerRequest request, Grant grant) {
    request.pause();
    Future<NetSocket> connecting = broker.connect();
    ConnectionLimiter.Ticket ticket = access.limiter().enter(request); // not before it may throw
    opening++;
    connecting
        .onSuccess(socket -> accept(request, grant, socket, ticket))
        .onFailure(
            error -> {
              opening--;
              ticket.leave();
              unreachable(request);
            });
  }

  private void unreachable(HttpServerRequest request) {
    if (request.response().closed()) {
      metrics.refused("gone");
    } else {
      refuse(request, new Refusal(502, "broker", "the MQTT broker cannot be reached now"));
    }
  }

  private void accept(
      HttpServerRequest request, Grant grant, NetSocket socket, ConnectionLimiter.Ticket ticket) {
    String peer = access.limiter().client(request);
    Future<ServerWebSocket> upgraded =
        request.response().closed() || bridges.isClosing()
            ? Future.failedFuture("gone")
            : Future.succeededFuture(request)
                .compose(PausedRequest::upgrade); // one that throws has failed, too
    upgraded
        .onSuccess(browser -> begin(peer, grant, browser, socket, ticket))
        .onFailure(error -> abandon(socket, ticket));
  }

  /** The browser has gone, or had not asked for a WebSocket in the right way. */
  private void abandon(NetSocket socket, ConnectionLimiter.Ticket ticket) {
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
      Grant grant,
      ServerWebSocket browser,
      NetSocket socket,
      ConnectionLimiter.Ticket ticket) {
    if (browser.isClosed() || !isActive(browser)) {
      abandon(socket, ticket);
      return;
    }
    opening--;
    GatewayConfig rules = config; // those of now: they may have changed meanwhile
    PacketFilter filter =
        new PacketFilter(
            TopicRules.of(rules.publish()),
            TopicRules.of(rules.subscribe()),
            rules.packetBytes(),
            metrics);
    Bridge bridge = new Bridge(bridges, rules, peer, grant, browser, socket, filter, time);
    bridges.add(bridge, ticket::leave);
    if (!isValid(grant)) { // revoked while it was being connected
      bridge.close(CloseCode.POLICY, "token revoked");
    }
  }

  private RoleState state() {
    return new RoleState(
        "mqtt-gateway",
        broker.address(),
        Fault.NONE,
        0,
        metrics.openedCount(),
        Map.of(
            "clients",
            (long) bridges.size(),
            "refused",
            metrics.refusals(),
            "brokerReachable",
            broker.isReachable() ? 1L : 0L));
  }
}
