package io.spillway.server.ingest;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.retry.Occasionally;
import io.spillway.server.auth.Admission;
import io.spillway.server.auth.Doorkeeper;
import io.spillway.server.auth.Origins;
import io.spillway.server.auth.Pass;
import io.spillway.server.auth.Refusal;
import io.spillway.server.pipeline.Edges;
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

  private final Occasionally strangers = new Occasionally(log);
  private final Vertx vertx;
  private final int messageBytesMax;
  private final Doorkeeper doorkeeper;
  private final Origins origins;
  private final Admission admission;
  private final IngestMetrics metrics;
  private final Edges edges;
  private final EdgeRegister register;
  private final LineCheck check = new LineCheck();

  /** Each with what let it in. */
  private final Map<Session, Pass> sessions = new HashMap<>();

  public IngestEndpoint(
      Vertx vertx,
      int messageBytesMax,
      Doorkeeper doorkeeper,
      Origins origins,
      Admission admission,
      Edges edges,
      MeterRegistry registry) {
    this.vertx = vertx;
    this.messageBytesMax = messageBytesMax;
    this.doorkeeper = doorkeeper;
    this.origins = origins;
    this.admission = admission;
    this.edges = edges;
    register = new EdgeRegister(edges);
    this.metrics = new IngestMetrics(registry);
    Gauge.builder("spillway.ingest.edges", register, EdgeRegister::size).register(registry);
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
    Pass pass = doorkeeper.admit(request).forSending();
    Optional<Refusal> refusal = refusal(request, pass);
    if (refusal.isPresent()) {
      metrics.turnedAway(refusal.get().status());
      admission.refuse(request, refusal.get()).onFailure(error -> metrics.unsent());
      return;
    }
    if (pass.isAmbient() && !origins.allows(request)) {
      admission.showOut(request);
      return;
    }
    String client = admission.client(request);
    Admission.Ticket ticket = admission.enter(request);
    metrics.opened();
    request
        .toWebSocket()
        .onSuccess(socket -> serve(socket, pass, ticket))
        .onFailure(
            error -> {
              ended(ticket);
              log.warn("[server] {}: upgrade failed: {}", client, error.getMessage());
            });
  }

  /** Closes every connection: what has been stored is acknowledged by then. */
  public Future<Void> close() {
    closeIf(pass -> true, CloseCode.GOING_AWAY, "the server is stopping");
    return Future.succeededFuture();
  }

  /** The tokens have changed: closes the connections that would not be let in again. */
  public void revoke() {
    closeIf(pass -> !doorkeeper.stillValid(pass), CloseCode.POLICY, "token revoked");
  }

  private void closeIf(Predicate<Pass> which, CloseCode code, String reason) {
    Map.copyOf(sessions)
        .forEach(
            (session, pass) -> {
              if (which.test(pass)) {
                session.close(code, reason);
              }
            });
  }

  private Optional<Refusal> refusal(HttpServerRequest request, Pass pass) {
    if (!PATHS.contains(request.path())) {
      return Optional.of(Refusal.PATH);
    }
    if (!pass.maySend()) {
      strangers.warn("[server] " + admission.client(request) + ": " + Refusal.TOKEN.reason());
      return Optional.of(Refusal.TOKEN);
    }
    return admission.refusal(request);
  }

  private void serve(ServerWebSocket socket, Pass pass, Admission.Ticket ticket) {
    Session session = session(socket);
    sessions.put(session, pass);
    socket.closeHandler(
        closed -> {
          sessions.remove(session);
          ended(ticket);
          if (session instanceof EdgeSession edge) {
            register.leave(edge, socket.closeStatusCode(), socket.closeReason());
          }
        });
    session.serve();
    if (!doorkeeper.stillValid(pass)) { // revoked while it was being upgraded
      session.close(CloseCode.POLICY, "token revoked");
    }
  }

  private Session session(ServerWebSocket socket) {
    return Wire.SUBPROTOCOL.equals(socket.subProtocol())
        ? new EdgeSession(vertx, socket, messageBytesMax, metrics, edges, register, check)
        : new PlainSession(vertx, socket, messageBytesMax, metrics);
  }

  private void ended(Admission.Ticket ticket) {
    metrics.ended();
    ticket.leave();
  }
}
