package io.spillway.server.part;

import io.netty.channel.ChannelFuture;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.impl.VertxConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers in JSON, which nobody may keep. An error is always {@code {"error":"…"}}. */
public final class Responses {
  private static final Logger log = LoggerFactory.getLogger(Responses.class);
  private static final String RETRY_AFTER_SECONDS = "2";

  private Responses() {}

  public static void json(RoutingContext context, int status, String body) {
    HttpServerResponse response = context.response();
    if (!response.ended() && !response.closed()) {
      head(response, status).end(body).otherwiseEmpty();
    }
  }

  /**
   * Piece by piece, as the client takes it. Settles when it is on its way; a client that is gone by
   * then is none of our faults. One that cannot be given all of it is not left to wait.
   *
   * @param left told how many bytes are still in memory
   */
  static Future<Void> json(RoutingContext context, JsonBody body, LongConsumer left) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return Future.succeededFuture();
    }
    head(response, 200).putHeader("Content-Length", Long.toString(body.bytes()));
    left.accept(body.bytes());
    boolean head = context.request().method().equals(HttpMethod.HEAD);
    return (head ? response.end() : write(response, body, body.bytes(), left))
        .otherwise(
            error -> {
              cut(context);
              return null;
            });
  }

  private static Future<Void> write(
      HttpServerResponse response, JsonBody body, long bytes, LongConsumer left) {
    if (!body.pieces().hasNext()) {
      return response.end();
    }
    Buffer piece = body.pieces().next();
    long rest = bytes - piece.length();
    return response
        .write(piece)
        .compose(
            taken -> {
              left.accept(rest);
              return write(response, body, rest, left);
            });
  }

  /** Ends the connection now: a close of Vert.x' waits for the client to take what is written. */
  public static void cut(RoutingContext context) {
    ChannelFuture unused =
        ((VertxConnection) context.request().connection()).channelHandlerContext().close();
  }

  private static HttpServerResponse head(HttpServerResponse response, int status) {
    return response
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff");
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
