package io.spillway.server.part;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.server.auth.TokenAuthenticator;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * What all routes of the HTTP API have in common, whichever part has them: they say which methods
 * they take, which pages may read the answer, and count it; a query that cannot be read is 400.
 * Those that read records share one limit.
 */
public final class ApiRoutes {
  /** Requests of a kind that read at once, or wait for room in memory. */
  public static final int READERS_MAX = 64;

  /** An answer of no more than so many bytes never waits for larger ones to be taken. */
  public static final int LITTLE = 512 << 10;

  /** A reader that has found no room by then is told to come again. */
  private static final long ROOM_MS = 5_000;

  /** A reader that has not taken its answer by then is given up: others wait for its place. */
  public static final long ANSWER_MS = 60_000;

  private static final List<HttpMethod> READ = List.of(HttpMethod.GET, HttpMethod.HEAD);

  /** Finds what a reader wants; may fail, at once or later. */
  public interface Reading {
    /** Succeeds with the answer, whose headers are set. */
    Future<JsonBody> handle(RoutingContext context) throws Parameters.Wrong;
  }

  private final Vertx vertx;
  private final TokenAuthenticator authenticator;
  private final Cors cors;
  private final MeterRegistry registry;
  private final long answerMs;
  private final ReadBudget readers;
  private final ReadBudget little;

  /**
   * @param origins of pages that may read the answers: lower case, or {@code *}
   * @param heapBytes of which answers may take a quarter, and little ones a sixteenth beside them
   * @param answerMs how long a reader may take for its answer, {@value #ANSWER_MS} at most
   */
  public ApiRoutes(
      Vertx vertx,
      TokenAuthenticator authenticator,
      List<String> origins,
      MeterRegistry registry,
      long heapBytes,
      long answerMs) {
    this.vertx = vertx;
    this.authenticator = authenticator;
    this.registry = registry;
    this.answerMs = answerMs;
    cors = new Cors(origins);
    readers = new ReadBudget(heapBytes / 4, READERS_MAX);
    little = new ReadBudget(heapBytes / 16, READERS_MAX);
    Gauge.builder("spillway.read.bytes", () -> readers.held() + little.held()).register(registry);
    Gauge.builder("spillway.read.waiting", () -> readers.waiting() + little.waiting())
        .register(registry);
  }

  /** A route that takes these methods, from anybody. */
  public void add(
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

  /** A route of GET for anybody. */
  public void get(Router router, String path, Handler<RoutingContext> handler) {
    add(router, path, READ, handler);
  }

  /** A route of GET for those who may read. */
  public void getForReaders(Router router, String path, Handler<RoutingContext> handler) {
    get(
        router,
        path,
        context -> {
          if (authenticator.mayRead(context.request())) {
            handler.handle(context);
          } else {
            Responses.unauthorized(context, "missing or wrong token; reading needs a live token");
          }
        });
  }

  /**
   * The same for what takes a while, and memory: as many at once as there is room for.
   *
   * @param bytesMax that a request may need, from the search to the answer
   */
  public void getBounded(Router router, String path, int bytesMax, Reading reading) {
    ReadBudget budget = bytesMax <= LITTLE ? little : readers;
    getForReaders(router, path, context -> enter(budget, bytesMax, context, reading));
  }

  /** Whatever else is below {@code /api} is not found. After all other routes of the API. */
  public void others(Router router) {
    first(router.route("/api/*"), "other");
    router.route("/api/*").handler(Responses::notFound);
  }

  /** Before anything else: what every answer has, and that it is counted. */
  private void first(Route route, String name) {
    route.handler(
        context -> {
          context.response().putHeader("X-Content-Type-Options", "nosniff");
          cors.mark(context);
          context.addEndHandler(ended -> count(name, context.response().getStatusCode()));
          if (hasReadableQuery(context.request())) {
            context.next();
          } else {
            Responses.error(context, 400, "the query cannot be read: % without two hex digits");
          }
        });
  }

  private void count(String route, int status) {
    String code = Integer.toString(status);
    registry.counter("spillway.http.requests", "route", route, "status", code).increment();
  }

  /** Whether every escape in it can be read: Vert.x throws where one cannot. */
  public static boolean hasReadableQuery(HttpServerRequest request) {
    try {
      return request.params() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void enter(ReadBudget budget, int bytesMax, RoutingContext context, Reading reading) {
    ReadBudget.Share share = budget.enter(bytesMax, begun -> read(begun, context, reading));
    if (share == null) {
      Responses.tooMany(context, "limit of " + READERS_MAX + " readers at once reached");
    } else if (share.isWaiting()) {
      long timer = vertx.setTimer(ROOM_MS, late -> noRoom(share, context));
      context.addEndHandler(
          over -> {
            vertx.cancelTimer(timer);
            if (share.isWaiting()) { // else it may still be looked for, and leaves then
              share.leave();
            }
          });
    }
  }

  private static void noRoom(ReadBudget.Share share, RoutingContext context) {
    if (share.isWaiting()) {
      share.leave();
      Responses.tooMany(
          context, "the answers of other readers take all the memory there is for them");
    }
  }

  private void read(ReadBudget.Share share, RoutingContext context, Reading reading) {
    try {
      Future<JsonBody> found = reading.handle(context);
      long timer = vertx.setTimer(answerMs, late -> Responses.cut(context));
      found
          .compose(body -> Responses.json(context, body, share::keep))
          .onComplete(
              settled -> {
                vertx.cancelTimer(timer);
                share.leave();
              })
          .onFailure(error -> unreadable(context, error));
    } catch (Parameters.Wrong e) {
      share.leave();
      Responses.error(context, 400, e.getMessage());
    } catch (RuntimeException | Error e) {
      share.leave();
      context.fail(e);
    }
  }

  private static void unreadable(RoutingContext context, Throwable error) {
    context.response().putHeader("Retry-After", "2");
    Responses.error(context, 503, "cannot read now: " + error.getMessage());
  }

  private static String allowed(List<HttpMethod> methods) {
    StringBuilder allowed = new StringBuilder();
    methods.forEach(method -> allowed.append(method).append(", "));
    return allowed.append("OPTIONS").toString();
  }
}
