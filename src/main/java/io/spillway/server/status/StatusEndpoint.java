package io.spillway.server.status;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.spillway.bus.Channels;
import io.spillway.journal.JournalFailure;
import io.spillway.message.Timestamps;
import io.spillway.server.auth.Access;
import io.spillway.server.auth.ClientAddress;
import io.spillway.server.part.ApiRoutes;
import io.spillway.server.part.EdgeObserver;
import io.spillway.server.part.Part;
import io.spillway.server.part.Responses;
import io.spillway.time.TimeSource;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /healthz}, {@code /health}, {@code /metrics} and {@code /api/pipeline}. */
public final class StatusEndpoint implements Part {
  private static final Logger log = LoggerFactory.getLogger(StatusEndpoint.class);
  private static final long LOOK_EVERY_MS = 1_000;

  /** As old at most is what is known after a crash, but for when an edge was heard of. */
  private static final long REMEMBER_EVERY_MS = 10_000;

  private final Vertx vertx;
  private final TimeSource time;
  private final Access access;
  private final ApiRoutes api;
  private final PrometheusMeterRegistry registry;
  private final RoleBoard board;
  private final HealthMetrics metrics;
  private final Pipeline pipeline;
  private final EdgeMemory memory;
  private List<EdgeMemory.Known> remembered = List.of();
  private Future<?> remembering = Future.succeededFuture();
  private Supplier<Map<String, Long>> ingest = Map::of;

  /**
   * @param stalled how long a role may have a fault, or finish nothing of what it has to do
   * @param dir where the journal is: what edges there were is remembered beside it
   */
  public StatusEndpoint(
      Vertx vertx,
      TimeSource time,
      Duration stalled,
      Path dir,
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
    memory = new EdgeMemory(dir);
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
    api.get(router, "/healthz", context -> Responses.json(context, 200, "{\"ok\": true}"));
    api.get(router, "/health", this::health);
    router
        .route("/metrics")
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .blockingHandler(this::metrics, false);
    api.getBounded(router, "/api/pipeline", ApiRoutes.LITTLE, new PipelineRoute(pipeline)::handle);
    return Blocking.run(vertx, memory::load)
        .onSuccess(pipeline.edges()::restore)
        .onFailure(
            error -> log.warn("[server] which edges there were: {}", JournalFailure.words(error)))
        .onSuccess(known -> vertx.setPeriodic(REMEMBER_EVERY_MS, tick -> remember()))
        .otherwiseEmpty();
  }

  private void remember() {
    List<EdgeMemory.Known> known = pipeline.edges().known();
    if (remembering.isComplete() && !EdgeMemory.areAlike(known, remembered)) {
      remembering =
          Blocking.runBeside(vertx, () -> memory.save(known))
              .onSuccess(saved -> remembered = known)
              .onFailure(error -> log.debug("[server] edges.json: {}", error.toString()));
    }
  }

  /** Before the other parts say goodbye to the edges: who is here now is not gone by himself. */
  @Override
  public Future<?> close() {
    List<EdgeMemory.Known> known = pipeline.edges().known();
    return remembering
        .otherwiseEmpty()
        .compose(written -> Blocking.runBeside(vertx, () -> memory.save(known)))
        .otherwiseEmpty();
  }

  private void look() {
    board.tick();
    pipeline.tick();
    metrics.update();
  }

  private void health(RoutingContext context) {
    List<String> notices = new ArrayList<>(pipeline.edges().notices());
    if (!memory.damage().isEmpty()) {
      notices.add(memory.damage());
    }
    Health health = board.health().with(notices);
    JsonObject body =
        new JsonObject()
            .put("status", health.status())
            .put("service", "spillway")
            .put("connectedClients", access.limiter().connections())
            .put("edges", edgesHere())
            .put("edgesGone", pipeline.edges().gone(board.judge()))
            .put("timestamp", Timestamps.format(time.wallMs()))
            .put("roles", board.roles())
            .put("faults", new JsonArray(health.faults()))
            .put("notes", notes());
    Responses.json(context, health.isFailing() ? 503 : 200, body.encode());
  }

  /** Of those that are connected, the ones that are heard of. */
  private long edgesHere() {
    return Math.max(
        0, ingest.get().getOrDefault("edges", 0L) - pipeline.edges().silent(board.judge()));
  }

  private JsonArray notes() {
    JsonArray notes = new JsonArray(new ArrayList<>(StandingNote.of(board.all().values())));
    pipeline.edges().goneInWords(board.judge()).forEach(notes::add);
    int awaited = pipeline.edges().awaited();
    if (awaited > 0) {
      notes.add(awaited + " edges have not come back yet since this server was started");
    }
    if (board.all().isEmpty()) {
      notes.add("nothing is known yet: no role has said how it is");
    }
    return notes;
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
