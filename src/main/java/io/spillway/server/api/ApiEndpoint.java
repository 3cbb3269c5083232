package io.spillway.server.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.config.IaqConfig;
import io.spillway.config.ServerConfig;
import io.spillway.server.auth.Origins;
import io.spillway.server.auth.TokenAuthenticator;
import io.spillway.server.part.Cors;
import io.spillway.server.part.HttpMetrics;
import io.spillway.server.part.Parameters;
import io.spillway.server.part.Responses;
import io.spillway.server.search.MeasurementsRoute;
import io.spillway.server.search.RecordsRoute;
import io.spillway.server.status.Pipeline;
import io.spillway.server.status.PipelineRoute;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts together what is under {@code /api}, {@code /config} and {@code /openapi.json}. */
public final class ApiEndpoint {
  private static final Logger log = LoggerFactory.getLogger(ApiEndpoint.class);

  /** Requests that read at once. */
  static final int READERS_MAX = 64;

  /** A reader that has not taken its answer by then is given up: others wait for its place. */
  private static final long ANSWER_MS = 60_000;

  /** A route that may fail, at once or later. */
  private interface Reading {
    /** Settles when the answer is on its way to the client. */
    Future<Void> handle(RoutingContext context) throws Parameters.Wrong;
  }

  private final Vertx vertx;
  private final ServerConfig config;
  private final IaqConfig iaq;
  private final TokenAuthenticator authenticator;
  private final HttpMetrics metrics;
  private final Cors cors;
  private final Semaphore readers = new Semaphore(READERS_MAX);
  private final boolean database;
  private final Duration stall;
  private final Pipeline pipeline;
  private volatile String page;

  /**
   * @param iaq what pages are told of the air; null where nobody watches it
   * @param database whether a role answers {@link io.spillway.bus.Channels#RECORDS_QUERY} and
   *     {@link io.spillway.bus.Channels#NEWEST_QUERY}
   */
  public ApiEndpoint(
      Vertx vertx,
      ServerConfig config,
      IaqConfig iaq,
      TokenAuthenticator authenticator,
      MeterRegistry registry,
      boolean database,
      Pipeline pipeline) {
    this(vertx, config, iaq, authenticator, registry, database, pipeline, IngestRoute.STALL);
  }

  ApiEndpoint(
      Vertx vertx,
      ServerConfig config,
      IaqConfig iaq,
      TokenAuthenticator authenticator,
      MeterRegistry registry,
      boolean database,
      Pipeline pipeline,
      Duration stall) {
    this.vertx = vertx;
    this.config = config;
    this.iaq = iaq;
    this.authenticator = authenticator;
    this.database = database;
    this.stall = stall;
    this.pipeline = pipeline;
    page = ConfigRoute.answer(config, iaq).encode();
    metrics = new HttpMetrics(registry);
    cors = new Cors(config.live().allowedOrigins());
  }

  /** What pages are told from now on. */
  public void reconfigure(ServerConfig fresh) {
    page = ConfigRoute.answer(fresh, iaq).encode();
  }

  /** The routes, once their files are read; what is none of ours goes on to the next router. */
  public Future<Router> router() {
    return vertx.executeBlocking(ApiEndpoint::openApi).map(this::router);
  }

  private Router router(String openApi) {
    Router router = Router.router(vertx);
    Origins origins = new Origins(config.live().allowedOrigins());
    IngestRoute ingest =
        new IngestRoute(
            vertx, authenticator, origins, config.limits().maxMessageBytes(), stall, metrics);
    RecordsRoute records = new RecordsRoute(vertx, config.live().routes(), database, metrics);
    MeasurementsRoute measurements =
        new MeasurementsRoute(vertx, config.live().routes(), database, metrics);
    PipelineRoute way = new PipelineRoute(pipeline);
    add(router, "/api/ingest", List.of(HttpMethod.POST), ingest::handle);
    add(router, "/api/records", READ, forReaders(context -> read(context, records::handle)));
    add(router, "/api/iaq/data", READ, forReaders(context -> read(context, measurements::handle)));
    add(router, "/api/pipeline", READ, forReaders(context -> read(context, way::handle)));
    add(router, "/config", READ, forReaders(context -> Responses.json(context, 200, page)));
    add(router, "/openapi.json", READ, context -> Responses.json(context, 200, openApi));
    first(router.route("/api/*"), "other");
    router
        .route("/api/*")
        .handler(context -> Responses.error(context, 404, "there is nothing at this path"));
    router.errorHandler(500, this::broken);
    return router;
  }

  private static final List<HttpMethod> READ = List.of(HttpMethod.GET, HttpMethod.HEAD);

  private void add(
      Router router, String path, List<HttpMethod> methods, Handler<RoutingContext> handler) {
    String allowed = allowed(methods);
    first(router.route(path), path);
    router
        .route(path)
        .handler(
            context -> {
              HttpMethod method = context.request().method();
              if (methods.contains(method)) {
                handler.handle(context);
              } else if (method.equals(HttpMethod.OPTIONS)) {
                cors.options(context, allowed);
              } else {
                context.response().putHeader("Allow", allowed);
                Responses.error(context, 405, path + " takes " + allowed + ", not " + method);
              }
            });
  }

  /** Before anything else: what every answer has, and that it is counted. */
  private void first(Route route, String name) {
    route.handler(
        context -> {
          context.response().putHeader("X-Content-Type-Options", "nosniff");
          cors.mark(context);
          context.addEndHandler(
              ended -> metrics.answered(name, context.response().getStatusCode()));
          if (hasReadableQuery(context.request())) {
            context.next();
          } else {
            Responses.error(context, 400, "the query cannot be read: % without two hex digits");
          }
        });
  }

  private static boolean hasReadableQuery(HttpServerRequest request) {
    try {
      return request.params() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Handler<RoutingContext> forReaders(Handler<RoutingContext> handler) {
    return context -> {
      if (authenticator.mayRead(context.request())) {
        handler.handle(context);
      } else {
        Responses.unauthorized(context, "missing or wrong token; reading needs a live token");
      }
    };
  }

  private void read(RoutingContext context, Reading reading) {
    if (!readers.tryAcquire()) {
      Responses.tooMany(context, "limit of " + READERS_MAX + " readers at once reached");
      return;
    }
    try {
      Future<Void> answered = reading.handle(context);
      long timer =
          vertx.setTimer(
              ANSWER_MS, late -> context.request().connection().close().otherwiseEmpty());
      answered
          .onComplete(
              settled -> {
                vertx.cancelTimer(timer);
                readers.release();
              })
          .onFailure(error -> unreadable(context, error));
    } catch (Parameters.Wrong e) {
      readers.release();
      Responses.error(context, 400, e.getMessage());
    }
  }

  private static void unreadable(RoutingContext context, Throwable error) {
    context.response().putHeader("Retry-After", "2");
    Responses.error(context, 503, "cannot read now: " + error.getMessage());
  }

  private void broken(RoutingContext context) {
    log.error("[server] {} failed", context.request().path(), context.failure());
    Responses.error(context, 500, "internal error; the server's log says more");
  }

  private static String allowed(List<HttpMethod> methods) {
    StringBuilder allowed = new StringBuilder();
    methods.forEach(method -> allowed.append(method).append(", "));
    return allowed.append("OPTIONS").toString();
  }

  private static String openApi() throws IOException {
    try (InputStream in = ApiEndpoint.class.getResourceAsStream("/webroot/openapi.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
