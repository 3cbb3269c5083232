package io.spillway.server.part;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Answers in JSON, which nobody may keep. An error is always {@code {"error":"…"}}. */
public final class Responses {
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
        .end(body)
        .otherwiseEmpty();
  }

  public static void error(RoutingContext context, int status, String reason) {
    json(context, status, new JsonObject().put("error", reason).encode());
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
