package io.spillway.server.ingest;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.retry.RateLimitedLog;
import io.spillway.server.auth.ConnectionLimiter;
import io.spillway.server.auth.Grant;
import io.spillway.server.auth.Origins;
import io.spillway.server.auth.Refusal;
import io.spillway.server.auth.TokenAuthenticator;
import io.spillway.server.status.KnownEdges;
import io.spillway.wire.CloseCode;
import io.spillway.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where WebSockets come in: checks token and limits, upgrades, and hands over to a session. */
public final class IngestEndpoint {
  private static final Logger log = LoggerFactory.getLogger(IngestEndpoint.class);

  /** What the documented nginx and tunnel set-ups produce. */
  public static final Set<String> PATHS = Set.of("/", "/ws", "/ws/");

  private final RateLimitedLog strangers = new RateLimitedLog(log);
  private final Vertx vertx;
  private final int messageBytesMax;
  private final TokenAuthenticator authenticator;
  private final Origins origins;
  private final ConnectionLimiter limiter;
  private final IngestMetrics metrics;
  private final KnownEdges edges;
  private final EdgeSessions register;
  private final LineCheck check = new LineCheck();

  /** Each with what let it in. */
  private final Map<Session, Grant> sessions = new HashMap<>();

  public IngestEndpoint(
      Vertx vertx,
      int messageBytesMax,
      TokenAuthenticator authenticator,
      Origins origins,
      ConnectionLimiter limiter,
      KnownEdges edges,
      MeterRegistry registry) {
    this.vertx = vertx;
    this.messageBytesMax = messageBytesMax;
    this.authenticator = authenticator;
    this.origins = origins;
    this.limiter = limiter;
    this.edges = edges;
    register = new EdgeSessions(edges);
    this.metrics = new IngestMetrics(registry);
    Gauge.builder("spillway.ingest.edges", register, EdgeSessions::size).register(registry);
  }

  /** How many of the clients are edges in acknowledged mode. */
  public int edges() {
    return register.size();
  }

  /** What a picture of the whole way shows of it. */
  public Map<String, Long> figures() {
    return metrics.figures(register.size());
  }

  /** A request that asks for an upgrade to WebSocket (RFC 6455 section 4.2). */
  public void upgrade(HttpServerRequest request) {
    Grant grant = authenticator.admit(request).forSending();
    Optional<Refusal> refusal = refusal(request, grant);
    if (refusal.isPresent()) {
      metrics.turnedAway(refusal.get().status());
      limiter.refuse(request, refusal.get()).onFailure(error -> metrics.unsent());
      return;
    }
    if (grant.isAmbient() && !origins.allows(request)) {
      limiter.showOut(request);
      return;
    }
    String client = limiter.client(request);
    ConnectionLimiter.Ticket ticket = limiter.enter(request);
    metrics.opened();
    request
        .toWebSocket()
        .onSuccess(socket -> serve(socket, grant, ticket))
        .onFailure(
            error -> {
              ended(ticket);
              log.warn("[server] {}: upgrade failed: {}", client, error.getMessage());
            });
  }

  /** Closes every connection: what has been stored is acknowledged by then. */
  public Future<Void> close() {
    closeIf(grant -> true, CloseCode.GOING_AWAY, "the server is stopping");
    return Future.succeededFuture();
  }

  /** The tokens have changed: closes the connections that would not be let in again. */
  public void revoke() {
    closeIf(grant -> !authenticator.stillValid(grant), CloseCode.POLICY, "token revoked");
  }

  private void closeIf(Predicate<Grant> which, CloseCode code, String reason) {
    Map.copyOf(sessions)
        .forEach(
            (session, grant) -> {
              if (which.test(grant)) {
                session.close(code, reason);
              }
            });
  }

  private Optional<Refusal> refusal(HttpServerRequest request, Grant grant) {
    if (!PATHS.contains(request.path())) {
      return Optional.of(Refusal.PATH);
    }
    if (!grant.maySend()) {
      strangers.warn("[server] " + limiter.client(request) + ": " + Refusal.TOKEN.reason());
      return Optional.of(Refusal.TOKEN);
    }
    return limiter.refusal(request);
  }

  private void serve(ServerWebSocket socket, Grant grant, ConnectionLimiter.Ticket ticket) {
    Session session = session(socket);
    sessions.put(session, grant);
    socket.closeHandler(
        closed -> {
          sessions.remove(session);
          ended(ticket);
          if (session instanceof EdgeSession edge) {
            register.leave(edge, socket.closeStatusCode(), socket.closeReason());
          }
        });
    session.serve();
    if (!authenticator.stillValid(grant)) { // revoked while it was being upgraded
      session.close(CloseCode.POLICY, "token revoked");
    }
  }

  private Session session(ServerWebSocket socket) {
    return Wire.SUBPROTOCOL.equals(socket.subProtocol())
        ? new EdgeSession(vertx, socket, messageBytesMax, metrics, edges, register, check)
        : new PlainSession(vertx, socket, messageBytesMax, metrics);
  }

  private void ended(ConnectionLimiter.Ticket ticket) {
    metrics.ended();
    ticket.leave();
  }
}
