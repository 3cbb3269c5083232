package io.spillway.server.auth;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
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
   * Answers the request with it, as JSON, and closes the connection as the answer says, unless a
   * body is on its way (RFC 9112 section 9.6); fails if the client has gone.
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
        .compose(sent -> hasBody(request) ? Future.succeededFuture() : close(request));
  }

  private static Future<Void> close(HttpServerRequest request) {
    return request.connection().close();
  }

  // While it is being sent, closing would be a reset, and the answer lost on its way.
  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.equals("0"));
  }
}
