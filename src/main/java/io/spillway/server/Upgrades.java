package io.spillway.server;

import io.spillway.server.auth.ConnectionLimiter;
import io.spillway.server.auth.Grant;
import io.spillway.server.auth.Origins;
import io.spillway.server.auth.Refusal;
import io.spillway.server.auth.TokenAuthenticator;
import io.spillway.server.ingest.IngestEndpoint;
import io.spillway.server.live.LiveEndpoint;
import io.spillway.server.mqtt.MqttEndpoint;
import io.spillway.wire.Wire;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads each WebSocket to its door: MQTT by its path; else who may read watches, whoever else
 * brings records.
 */
final class Upgrades {
  private static final Logger log = LoggerFactory.getLogger(Upgrades.class);

  private static final String SUBPROTOCOL = "Sec-WebSocket-Protocol";

  private static final Refusal QUERY =
      new Refusal(400, "query", "the query cannot be read: % without two hex digits");

  private final Context context;
  private final TokenAuthenticator authenticator;
  private final Origins origins;
  private final ConnectionLimiter limiter;
  private final IngestEndpoint ingest;
  private final LiveEndpoint live;
  private final MqttEndpoint mqtt;
  private boolean stopping;

  Upgrades(
      Context context,
      TokenAuthenticator authenticator,
      Origins origins,
      ConnectionLimiter limiter,
      IngestEndpoint ingest,
      LiveEndpoint live,
      MqttEndpoint mqtt) {
    this.context = context;
    this.authenticator = authenticator;
    this.origins = origins;
    this.limiter = limiter;
    this.ingest = ingest;
    this.live = live;
    this.mqtt = mqtt;
  }

  /** Whoever comes from now on is sent away: those who are here are being closed. */
  void stop() {
    stopping = true;
  }

  /** A request that asks for an upgrade (RFC 6455 section 4.2). */
  void upgrade(HttpServerRequest request) {
    if (stopping) {
      refuse(request, new Refusal(503, "stopping", "the server is stopping"));
      return;
    }
    if (!hasReadableQuery(request)) {
      refuse(request, QUERY);
      return;
    }
    if (MqttEndpoint.isFor(request)) {
      mqtt.upgrade(request);
      return;
    }
    Grant grant = authenticator.admit(request);
    boolean edge = Wire.isOffered(request.getHeader(SUBPROTOCOL));
    if (!edge) {
      request.headers().remove(SUBPROTOCOL); // mqtt is spoken elsewhere
    }
    if (edge || !grant.mayRead()) {
      ingest.upgrade(request);
    } else {
      watch(request, grant);
    }
  }

  private static boolean hasReadableQuery(HttpServerRequest request) {
    try {
      return request.params() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void watch(HttpServerRequest request, Grant grant) {
    Optional<Refusal> refusal =
        IngestEndpoint.PATHS.contains(request.path())
            ? limiter.refusal(request)
            : Optional.of(Refusal.PATH);
    if (refusal.isPresent()) {
      refuse(request, refusal.get());
    } else if (origins.allows(request)) {
      accept(request, grant);
    } else {
      limiter.showOut(request);
    }
  }

  private void accept(HttpServerRequest request, Grant grant) {
    String client = limiter.client(request);
    ConnectionLimiter.Ticket ticket = limiter.enter(request);
    context.runOnContext(
        on -> {
          LiveEndpoint.Refusal not = live.accept(request, client, grant, ticket::leave);
          if (not != null) {
            refuse(request, new Refusal(not.status(), "upgrade", not.reason()));
          }
        });
  }

  private void refuse(HttpServerRequest request, Refusal refusal) {
    limiter
        .refuse(request, refusal)
        .onFailure(error -> log.debug("[live] gone before it was refused: {}", error.toString()));
  }
}
