package io.spillway.server.auth;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/**
 * Why a request does not get in, before it is a WebSocket.
 *
 * @param status of HTTP
 * @param cause one word, for the metric {@code spillway_connections_refused}
 * @param reason for the client
 */
public record Refusal(int status, String cause, String reason) {
  private static final String AGAIN_AFTER_SECONDS = "10";

  /** There is no WebSocket at this path. */
  public static final Refusal PATH = new Refusal(404, "path", "no WebSocket at this path; try /ws");

  /** No token, or one that does not open this door. */
  public static final Refusal TOKEN = new Refusal(401, "token", "missing or wrong token");

  static Refusal full(int connections) {
    return new Refusal(503, "total", "limit of " + connections + " connections reached");
  }

  static Refusal tooMany(int perAddress) {
    return new Refusal(429, "address", "limit of " + perAddress + " connections per address");
  }

  /**
   * Answers the request with it, as JSON, and closes the connection as the answer says (RFC 9112
   * section 9.6); fails if the client has gone.
   */
  Future<Void> answer(HttpServerRequest request) {
    HttpServerResponse response = request.response().setStatusCode(status);
    if (status == 401) {
      response.putHeader("WWW-Authenticate", "Bearer");
    } else if (status == 426) {
      response.putHeader("Upgrade", "websocket");
    } else if (status == 429 || status == 502 || status == 503) {
      response.putHeader("Retry-After", AGAIN_AFTER_SECONDS);
    }
    return response
        .putHeader("Content-Type", "application/json")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Connection", "close")
        .end(new JsonObject().put("error", reason).encode())
        .compose(sent -> request.connection().close());
  }
}
