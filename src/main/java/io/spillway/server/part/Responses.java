package io.spillway.server.part;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers in JSON, which nobody may keep. An error is always {@code {"error":"…"}}. */
public final class Responses {
  private static final Logger log = LoggerFactory.getLogger(Responses.class);
  private static final String RETRY_AFTER_SECONDS = "2";

  private Responses() {}

  public static void json(RoutingContext context, int status, String body) {
    json(context, status, Buffer.buffer(body)).otherwiseEmpty();
  }

  /** Settles when it is on its way; a client that is gone by then is none of our faults. */
  public static Future<Void> json(RoutingContext context, int status, Buffer body) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return Future.succeededFuture();
    }
    return response
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(body)
        .otherwiseEmpty();
  }

  public static void error(RoutingContext context, int status, String reason) {
    json(context, status, new JsonObject().put("error", reason).encode());
  }

  /** There is nothing here. */
  public static void notFound(RoutingContext context) {
    error(context, 404, "there is nothing at this path");
  }

  /** A fault of ours, which the log tells; that a client went before it had its answer is none. */
  public static void broken(RoutingContext context) {
    if (context.response().closed()) {
      return;
    }
    log.error("[server] {} failed", context.request().path(), context.failure());
    error(context, 500, "internal error; the server's log says more");
  }

  /** RFC 6750 section 3: which kind of token is wanted. */
  public static void unauthorized(RoutingContext context, String reason) {
    context.response().putHeader("WWW-Authenticate", "Bearer");
    error(context, 401, reason);
  }

  /** The same request may work a little later. */
  public static void later(RoutingContext context, int status, String body) {
    context.response().putHeader("Retry-After", RETRY_AFTER_SECONDS);
    json(context, status, body);
  }

  /** Too many of its kind at once. */
  public static void tooMany(RoutingContext context, String reason) {
    later(context, 429, new JsonObject().put("error", reason).encode());
  }
}
