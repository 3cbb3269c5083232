package io.spillway.server;

import io.spillway.server.auth.ConnectionLimiter;
import io.spillway.server.auth.Refusal;
import io.spillway.server.part.Part;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leads each request for a WebSocket to the first part that takes it. */
final class Upgrades {
  private static final Logger log = LoggerFactory.getLogger(Upgrades.class);

  private final ConnectionLimiter limiter;
  private final List<Part> parts;
  private boolean stopping;

  /**
   * @param parts in the order in which they are asked
   */
  Upgrades(ConnectionLimiter limiter, List<Part> parts) {
    this.limiter = limiter;
    this.parts = parts;
  }

  /** Whoever comes from now on is sent away: those who are here are being closed. */
  void stop() {
    stopping = true;
  }

  /** A request that asks for an upgrade (RFC 6455 section 4.2). */
  void upgrade(HttpServerRequest request) {
    Optional<Refusal> wrong = RequestCheck.upgradeRefusal(request);
    if (stopping) {
      refuse(request, new Refusal(503, "stopping", "the server is stopping"));
    } else if (wrong.isPresent()) {
      refuse(request, wrong.get());
    } else if (parts.stream().noneMatch(part -> part.upgrade(request))) {
      refuse(request, Refusal.PATH);
    }
  }

  private void refuse(HttpServerRequest request, Refusal refusal) {
    limiter
        .refuse(request, refusal)
        .onFailure(error -> log.debug("[server] gone before it was refused: {}", error.toString()));
  }
}
