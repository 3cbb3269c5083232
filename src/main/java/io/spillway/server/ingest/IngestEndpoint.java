package io.spillway.server.ingest;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.config.LimitsConfig;
import io.spillway.retry.Occasionally;
import io.spillway.server.auth.Doorkeeper;
import io.spillway.wire.CloseCode;
import io.spillway.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where WebSockets come in: checks token and limits, upgrades, and hands over to a session. */
public final class IngestEndpoint {
  private static final Logger log = LoggerFactory.getLogger(IngestEndpoint.class);

  /** What the documented nginx and tunnel set-ups produce. */
  private static final Set<String> PATHS = Set.of("/", "/ws", "/ws/");

  private final Occasionally strangers = new Occasionally(log);
  private final Vertx vertx;
  private LimitsConfig limits;
  private final Doorkeeper doorkeeper;
  private final IngestMetrics metrics;
  private final EdgeRegister register = new EdgeRegister();
  private final LineCheck check = new LineCheck();
  private final Set<Session> sessions = new HashSet<>();
  private final Map<String, Integer> connectionsByPeer = new HashMap<>();

  public IngestEndpoint(
      Vertx vertx, LimitsConfig limits, Doorkeeper doorkeeper, MeterRegistry registry) {
    this.vertx = vertx;
    this.limits = limits;
    this.doorkeeper = doorkeeper;
    this.metrics = new IngestMetrics(registry);
    Gauge.builder("spillway.ingest.edges", register, EdgeRegister::size).register(registry);
  }

  /** Other limits on new connections. */
  public void limits(LimitsConfig fresh) {
    limits = fresh;
  }

  /** How many clients are connected. */
  public int connections() {
    return metrics.connections();
  }

  /** How many of them are edges in acknowledged mode. */
  public int edges() {
    return register.size();
  }

  /** A request that asks for an upgrade to WebSocket (RFC 6455 section 4.2). */
  public void upgrade(HttpServerRequest request) {
    String peer = request.remoteAddress().hostAddress();
    if (!PATHS.contains(request.path())) {
      refuse(request, 404, "no WebSocket at this path; try /ws");
    } else if (!doorkeeper.maySend(request)) {
      strangers.warn("[server] " + request.remoteAddress() + ": missing or wrong token");
      refuse(request, 401, "missing or wrong token");
    } else if (metrics.connections() >= limits.connections()) {
      refuse(request, 503, "limit of " + limits.connections() + " connections reached");
    } else if (tooMany(request, peer)) {
      refuse(request, 429, "limit of " + limits.connectionsPerIp() + " connections per address");
    } else {
      metrics.opened();
      connectionsByPeer.merge(peer, 1, Integer::sum);
      request
          .toWebSocket()
          .onSuccess(socket -> serve(socket, peer))
          .onFailure(
              error -> {
                ended(peer);
                log.warn("[server] {}: upgrade failed: {}", peer, error.getMessage());
              });
    }
  }

  /** Closes every connection: what has been stored is acknowledged by then. */
  public Future<Void> close() {
    List.copyOf(sessions)
        .forEach(session -> session.close(CloseCode.GOING_AWAY, "the server is stopping"));
    return Future.succeededFuture();
  }

  private void serve(ServerWebSocket socket, String peer) {
    Session session = session(socket);
    sessions.add(session);
    socket.closeHandler(
        closed -> {
          sessions.remove(session);
          ended(peer);
          if (session instanceof EdgeSession edge) {
            register.leave(edge);
          }
        });
    session.serve();
  }

  private Session session(ServerWebSocket socket) {
    int bytesMax = limits.maxMessageBytes();
    return Wire.SUBPROTOCOL.equals(socket.subProtocol())
        ? new EdgeSession(vertx, socket, bytesMax, metrics, register, check)
        : new PlainSession(vertx, socket, bytesMax, metrics);
  }

  private void ended(String peer) {
    metrics.ended();
    connectionsByPeer.computeIfPresent(peer, (p, count) -> count == 1 ? null : count - 1);
  }

  // Behind a proxy on this machine every client has the same address, and the proxy limits them.
  private boolean tooMany(HttpServerRequest request, String peer) {
    return !Doorkeeper.fromLoopback(request.remoteAddress())
        && connectionsByPeer.getOrDefault(peer, 0) >= limits.connectionsPerIp();
  }

  private void refuse(HttpServerRequest request, int status, String reason) {
    metrics.turnedAway(status);
    if (status == 401) {
      request.response().putHeader("WWW-Authenticate", "Bearer");
    }
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Connection", "close")
        .end(new JsonObject().put("error", reason).encode())
        .onFailure(error -> metrics.unsent());
  }
}
