package io.spillway.server;

import io.spillway.server.auth.Admission;
import io.spillway.server.auth.Doorkeeper;
import io.spillway.server.auth.Origins;
import io.spillway.server.auth.Pass;
import io.spillway.server.auth.Refusal;
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
  private final Doorkeeper doorkeeper;
  private final Origins origins;
  private final Admission admission;
  private final IngestEndpoint ingest;
  private final LiveEndpoint live;
  private final MqttEndpoint mqtt;
  private boolean stopping;

  Upgrades(
      Context context,
      Doorkeeper doorkeeper,
      Origins origins,
      Admission admission,
      IngestEndpoint ingest,
      LiveEndpoint live,
      MqttEndpoint mqtt) {
    this.context = context;
    this.doorkeeper = doorkeeper;
    this.origins = origins;
    this.admission = admission;
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
    Pass pass = doorkeeper.admit(request);
    boolean edge = Wire.isOffered(request.getHeader(SUBPROTOCOL));
    if (!edge) {
      request.headers().remove(SUBPROTOCOL); // mqtt is spoken elsewhere
    }
    if (edge || !pass.mayRead()) {
      ingest.upgrade(request);
    } else {
      watch(request, pass);
    }
  }

  private static boolean hasReadableQuery(HttpServerRequest request) {
    try {
      return request.params() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void watch(HttpServerRequest request, Pass pass) {
    Optional<Refusal> refusal =
        IngestEndpoint.PATHS.contains(request.path())
            ? admission.refusal(request)
            : Optional.of(Refusal.PATH);
    if (refusal.isPresent()) {
      refuse(request, refusal.get());
    } else if (origins.allows(request)) {
      accept(request, pass);
    } else {
      admission.showOut(request);
    }
  }

  private void accept(HttpServerRequest request, Pass pass) {
    String client = admission.client(request);
    Admission.Ticket ticket = admission.enter(request);
    context.runOnContext(
        on -> {
          LiveEndpoint.Refusal not = live.accept(request, client, pass, ticket::leave);
          if (not != null) {
            refuse(request, new Refusal(not.status(), "upgrade", not.reason()));
          }
        });
  }

  private void refuse(HttpServerRequest request, Refusal refusal) {
    admission
        .refuse(request, refusal)
        .onFailure(error -> log.debug("[live] gone before it was refused: {}", error.toString()));
  }
}
