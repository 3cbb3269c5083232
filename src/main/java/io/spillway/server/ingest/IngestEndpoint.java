package io.spillway.server.ingest;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.config.LiveConfig;
import io.spillway.config.ServerConfig;
import io.spillway.retry.RateLimitedLog;
import io.spillway.server.auth.Access;
import io.spillway.server.auth.ConnectionLimiter;
import io.spillway.server.auth.Grant;
import io.spillway.server.auth.Refusal;
import io.spillway.server.part.EdgeObserver;
import io.spillway.server.part.Part;
import io.spillway.server.part.ReceiveBudget;
import io.spillway.time.TimeSource;
import io.spillway.wire.CloseCode;
import io.spillway.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The WebSockets that bring records: checks token and limits, upgrades, begins a session. */
public final class IngestEndpoint implements Part {
  private static final Logger log = LoggerFactory.getLogger(IngestEndpoint.class);

  private static final String SUBPROTOCOL = "Sec-WebSocket-Protocol";

  /** Nobody has to be noticed sooner; the time before a peer is pinged is seldom shorter. */
  private static final long LOOK_EVERY_MS_MAX = 5_000;

  private final RateLimitedLog strangers = new RateLimitedLog(log);
  private final Vertx vertx;
  private final int messageBytesMax;
  private final LiveConfig live;
  private final Access access;
  private final ReceiveBudget budget;
  private final TimeSource time;
  private final IngestMetrics metrics;
  private final EdgeSessions edges;
  private final LineCheck check;

  /** Each with what let it in. */
  private final Map<Session, Grant> sessions = new HashMap<>();

  private long timer = -1;

  /**
   * @param live how long a peer may be silent before it is pinged, and before it is closed
   * @param observer is told of edges
   */
  public IngestEndpoint(
      Vertx vertx,
      int messageBytesMax,
      LiveConfig live,
      Access access,
      ReceiveBudget budget,
      TimeSource time,
      EdgeObserver observer,
      MeterRegistry registry) {
    this.vertx = vertx;
    this.messageBytesMax = messageBytesMax;
    this.live = live;
    this.access = access;
    this.budget = budget;
    this.time = time;
    edges = new EdgeSessions(observer);
    check = new LineCheck(time);
    metrics = new IngestMetrics(registry);
    Gauge.builder("spillway.ingest.edges", edges, EdgeSessions::size).register(registry);
  }

  /** It has no route of HTTP. */
  @Override
  public Future<?> mount(Router router) {
    long quarterMs = Math.min(live.ping().toMillis(), live.idle().toMillis()) / 4;
    long everyMs = Math.max(1, Math.min(LOOK_EVERY_MS_MAX, quarterMs));
    timer = vertx.setPeriodic(everyMs, tick -> look());
    return Future.succeededFuture();
  }

  @Override
  public List<String> subprotocols() {
    return List.of(Wire.SUBPROTOCOL);
  }

  /** What a picture of the whole way shows of it; {@code edges} are in acknowledged mode. */
  public Map<String, Long> figures() {
    return metrics.figures(edges.size());
  }

  /** Whoever it is: whom no other part has taken brings records, or is told why he may not. */
  @Override
  public boolean upgrade(HttpServerRequest request) {
    if (!Wire.isOffered(request.getHeader(SUBPROTOCOL))) {
      request.headers().remove(SUBPROTOCOL); // what another part speaks must not be chosen here
    }
    admit(request, access.authenticator().admit(request).forSending());
    return true;
  }

  private void admit(HttpServerRequest request, Grant grant) {
    ConnectionLimiter limiter = access.limiter();
    Optional<Refusal> refusal = refusal(request, grant);
    if (refusal.isPresent()) {
      metrics.turnedAway(refusal.get().status());
      limiter.refuse(request, refusal.get()).onFailure(error -> metrics.unsent());
      return;
    }
    if (grant.isAmbient() && !access.origins().allows(request)) {
      limiter.showOut(request);
      return;
    }
    String client = limiter.client(request);
    ConnectionLimiter.Ticket ticket = limiter.enter(request);
    metrics.opened();
    Future.succeededFuture(request)
        .compose(HttpServerRequest::toWebSocket) // one that throws has failed, too
        .onSuccess(socket -> serve(socket, grant, ticket))
        .onFailure(
            error -> {
              ended(ticket);
              log.warn("[server] {}: upgrade failed: {}", client, error.getMessage());
            });
  }

  private void look() {
    Set.copyOf(sessions.keySet()).forEach(session -> session.look(live.ping(), live.idle()));
  }

  /** Closes every connection: what has been stored is acknowledged by then. */
  @Override
  public Future<?> close() {
    vertx.cancelTimer(timer);
    Set.copyOf(sessions.keySet())
        .forEach(session -> session.close(CloseCode.GOING_AWAY, "the server is stopping"));
    return Future.succeededFuture();
  }

  @Override
  public void reload(ServerConfig fresh) {
    Map.copyOf(sessions)
        .forEach(
            (session, grant) -> {
              if (access.authenticator().stillValid(grant)) {
                session.rightsChanged();
              } else {
                session.close(CloseCode.POLICY, "token revoked");
              }
            });
  }

  private Optional<Refusal> refusal(HttpServerRequest request, Grant grant) {
    if (Access.isPath(request) && !grant.maySend()) {
      String client = access.limiter().client(request);
      strangers.warn("[server] " + client + ": " + Refusal.TOKEN.reason());
      return Optional.of(Refusal.TOKEN);
    }
    return access.refusal(request);
  }

  private void serve(ServerWebSocket socket, Grant grant, ConnectionLimiter.Ticket ticket) {
    Session session = session(socket, grant);
    sessions.put(session, grant);
    socket.closeHandler(
        closed -> {
          sessions.remove(session);
          session.ended();
          ended(ticket);
          if (session instanceof EdgeSession edge) {
            edges.leave(edge, socket.closeStatusCode(), socket.closeReason());
          }
        });
    session.serve();
    if (!access.authenticator().stillValid(grant)) { // revoked while it was being upgraded
      session.close(CloseCode.POLICY, "token revoked");
    }
  }

  private Session session(ServerWebSocket socket, Grant grant) {
    return Wire.SUBPROTOCOL.equals(socket.subProtocol())
        ? new EdgeSession(
            vertx,
            socket,
            messageBytesMax,
            metrics,
            budget,
            time,
            edges,
            check,
            edge -> access.authenticator().covers(grant, edge))
        : new PlainSession(vertx, socket, messageBytesMax, metrics, budget, time);
  }

  private void ended(ConnectionLimiter.Ticket ticket) {
    metrics.ended();
    ticket.leave();
  }
}
