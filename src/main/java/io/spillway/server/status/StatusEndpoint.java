package io.spillway.server.status;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.spillway.bus.Channels;
import io.spillway.message.Timestamps;
import io.spillway.server.auth.Access;
import io.spillway.server.auth.ClientAddress;
import io.spillway.server.part.ApiRoutes;
import io.spillway.server.part.EdgeObserver;
import io.spillway.server.part.Part;
import io.spillway.server.part.Responses;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** {@code GET /healthz}, {@code /health}, {@code /metrics} and {@code /api/pipeline}. */
public final class StatusEndpoint implements Part {
  private static final long LOOK_EVERY_MS = 1_000;

  private final Vertx vertx;
  private final TimeSource time;
  private final Access access;
  private final ApiRoutes api;
  private final PrometheusMeterRegistry registry;
  private final RoleBoard board;
  private final HealthMetrics metrics;
  private final Pipeline pipeline;
  private Supplier<Map<String, Long>> ingest = Map::of;

  /**
   * @param stalled how long a role may have a fault, or finish nothing of what it has to do
   */
  public StatusEndpoint(
      Vertx vertx,
      TimeSource time,
      Duration stalled,
      Access access,
      ApiRoutes api,
      PrometheusMeterRegistry registry) {
    this.vertx = vertx;
    this.time = time;
    this.access = access;
    this.api = api;
    this.registry = registry;
    board = new RoleBoard(time, stalled);
    metrics = new HealthMetrics(board, registry);
    pipeline = new Pipeline(board, time, registry);
  }

  /** Wants to be told of edges. */
  public EdgeObserver edges() {
    return pipeline.edges();
  }

  /**
   * Shows what the WebSockets count through which records come in.
   *
   * @param figures by name; {@code edges} are connected
   */
  public void ingest(Supplier<Map<String, Long>> figures) {
    ingest = figures;
    pipeline.ingest(figures);
  }

  @Override
  public Future<?> mount(Router router) {
    Channels.ROLE_STATE.listen(vertx, board::update);
    vertx.setPeriodic(LOOK_EVERY_MS, tick -> look());
    router.get("/healthz").handler(context -> Responses.json(context, 200, "{\"ok\": true}"));
    router.get("/health").handler(this::health);
    router.get("/metrics").blockingHandler(this::metrics, false);
    api.getBounded(router, "/api/pipeline", new PipelineRoute(pipeline)::handle);
    return Future.succeededFuture();
  }

  private void look() {
    board.tick();
    pipeline.tick();
    metrics.update();
  }

  private void health(RoutingContext context) {
    Health health = board.health().with(pipeline.edges().notices());
    JsonObject body =
        new JsonObject()
            .put("status", health.status())
            .put("service", "spillway")
            .put("connectedClients", access.limiter().connections())
            .put("edges", ingest.get().getOrDefault("edges", 0L))
            .put("timestamp", Timestamps.format(time.wallMs()))
            .put("roles", board.roles())
            .put("faults", new JsonArray(health.faults()))
            .put("notes", new JsonArray(StandingNote.of(board.all().values())));
    Responses.json(context, health.isFailing() ? 503 : 200, body.encode());
  }

  private void metrics(RoutingContext context) {
    if (!ClientAddress.isLocal(context.request())
        && !access.authenticator().mayRead(context.request())) {
      Responses.error(context, 401, "/metrics needs a live token from here");
      return;
    }
    context
        .response()
        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(registry.scrape())
        .onFailure(context::fail);
  }
}
