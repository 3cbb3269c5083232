package io.spillway.server.status;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.spillway.message.Timestamps;
import io.spillway.server.auth.ClientAddress;
import io.spillway.server.auth.ConnectionLimiter;
import io.spillway.server.auth.TokenAuthenticator;
import io.spillway.server.ingest.IngestEndpoint;
import io.spillway.server.live.LiveEndpoint;
import io.spillway.server.pages.PagesEndpoint;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /healthz}, {@code /health} and {@code /metrics}, and behind them the pages. */
public final class StatusEndpoint {
  private final PrometheusMeterRegistry registry;
  private final TokenAuthenticator authenticator;
  private final ConnectionLimiter limiter;
  private final IngestEndpoint ingest;
  private final LiveEndpoint live;
  private final RoleBoard board;
  private final String brokerOrigin;

  public StatusEndpoint(
      PrometheusMeterRegistry registry,
      TokenAuthenticator authenticator,
      ConnectionLimiter limiter,
      IngestEndpoint ingest,
      LiveEndpoint live,
      RoleBoard board,
      String brokerOrigin) {
    this.registry = registry;
    this.authenticator = authenticator;
    this.limiter = limiter;
    this.ingest = ingest;
    this.live = live;
    this.board = board;
    this.brokerOrigin = brokerOrigin;
  }

  /** The routes; whatever else is asked for is not found, in JSON. */
  public Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    router.get("/healthz").handler(context -> json(context, 200, "{\"ok\": true}"));
    router.get("/health").handler(this::health);
    router.get("/ws/stats").handler(this::stats);
    router.get("/metrics").blockingHandler(this::metrics, false);
    router.route().handler(new PagesEndpoint(vertx, brokerOrigin));
    router
        .route()
        .handler(context -> json(context, 404, "{\"error\":\"there is nothing at this path\"}"));
    return router;
  }

  private void health(RoutingContext context) {
    RoleBoard.Health health = board.health();
    JsonObject body =
        new JsonObject()
            .put("status", health.status())
            .put("service", "spillway")
            .put("connectedClients", limiter.connections())
            .put("edges", ingest.edges())
            .put("timestamp", Timestamps.format(System.currentTimeMillis()))
            .put("roles", board.roles())
            .put("faults", new JsonArray(health.faults()));
    json(context, health.isFailing() ? 503 : 200, body.encode());
  }

  private void stats(RoutingContext context) {
    if (authenticator.mayRead(context.request())) {
      json(context, 200, live.stats().json().encode());
    } else {
      json(context, 401, "{\"error\":\"/ws/stats needs a live token\"}");
    }
  }

  private void metrics(RoutingContext context) {
    if (!ClientAddress.isLocal(context.request()) && !authenticator.mayRead(context.request())) {
      json(context, 401, "{\"error\":\"/metrics needs a live token from here\"}");
      return;
    }
    context
        .response()
        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(registry.scrape())
        .onFailure(context::fail);
  }

  private static void json(RoutingContext context, int status, String body) {
    HttpServerResponse response = context.response().setStatusCode(status);
    response
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(body)
        .onFailure(context::fail);
  }
}
