package io.spillway.server.part;

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
import java.util.concurrent.Semaphore;

/**
 * What all routes of the HTTP API have in common, whichever part has them: they say which methods
 * they take, which pages may read the answer, and count it; a query that cannot be read is 400.
 * Those that read records share one limit.
 */
public final class ApiRoutes {
  /** Requests that read at once. */
  public static final int READERS_MAX = 64;

  /** A reader that has not taken its answer by then is given up: others wait for its place. */
  private static final long ANSWER_MS = 60_000;

  private static final List<HttpMethod> READ = List.of(HttpMethod.GET, HttpMethod.HEAD);

  /** Answers a reader; may fail, at once or later. */
  public interface Reading {
    /** Settles when the answer is on its way to the client. */
    Future<Void> handle(RoutingContext context) throws Parameters.Wrong;
  }

  private final Vertx vertx;
  private final TokenAuthenticator authenticator;
  private final Cors cors;
  private final MeterRegistry registry;
  private final Semaphore readers = new Semaphore(READERS_MAX);

  /**
   * @param origins of pages that may read the answers: lower case, or {@code *}
   */
  public ApiRoutes(
      Vertx vertx, TokenAuthenticator authenticator, List<String> origins, MeterRegistry registry) {
    this.vertx = vertx;
    this.authenticator = authenticator;
    this.registry = registry;
    cors = new Cors(origins);
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

  /** The same for what takes a while: no more than {@link #READERS_MAX} of them at once. */
  public void getBounded(Router router, String path, Reading reading) {
    getForReaders(router, path, context -> read(context, reading));
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
    } catch (RuntimeException e) {
      readers.release();
      throw e;
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
