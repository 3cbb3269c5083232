package io.spillway.server;

import io.spillway.server.auth.Refusal;
import io.spillway.server.part.ApiRoutes;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What every request has to be before a part sees it (RFC 9112 section 3, RFC 9110 section 7.2, RFC
 * 6455 section 4.2.1). What is not would make Vert.x answer in its own words, and log a stack trace
 * that anybody can ask for.
 */
final class RequestCheck {
  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final int KEY_BYTES = 16;

  private RequestCheck() {}

  /** Why it is not served; empty if it is. */
  static Optional<Refusal> refusal(HttpServerRequest request) {
    String path = request.path();
    if (request.version() == HttpVersion.HTTP_1_0
        && !request.headers().contains(HttpHeaders.HOST)) {
      byAddress(request);
    }
    if (request.headers().getAll(HttpHeaders.HOST).size() != 1 || request.authority() == null) {
      return wrong("one Host header is needed, with the name of this server");
    }
    if (path == null || !path.startsWith("/")) {
      return wrong("the path must begin with /");
    }
    if (BROKEN_ESCAPE.matcher(path).find()) {
      return wrong("the path cannot be read: % without two hex digits");
    }
    String expected = request.getHeader(HttpHeaders.EXPECT);
    if (expected != null && !expected.equalsIgnoreCase("100-continue")) {
      return Optional.of(new Refusal(417, "request", "nothing but Expect: 100-continue is met"));
    }
    return Optional.empty();
  }

  /** As health checks of load balancers ask: HTTP/1.0 knows no Host, so it is what they reached. */
  private static void byAddress(HttpServerRequest request) {
    SocketAddress reached = request.localAddress();
    request
        .headers()
        .set(HttpHeaders.HOST, Listeners.authority(reached.hostAddress(), reached.port()));
  }

  /** The same for one that asks for a WebSocket. */
  static Optional<Refusal> upgradeRefusal(HttpServerRequest request) {
    if (!ApiRoutes.hasReadableQuery(request)) {
      return wrong("the query cannot be read: % without two hex digits");
    }
    if (hasBody(request)) { // which may never come, and nothing would be waited for behind it
      return wrong("a request for a WebSocket has no body");
    }
    if (!hasToken(request.headers().getAll(HttpHeaders.CONNECTION), "upgrade")) {
      return wrong("a WebSocket needs Connection: Upgrade; a proxy may have taken it out");
    }
    List<String> keys = request.headers().getAll("Sec-WebSocket-Key");
    if (keys.size() != 1 || !isKey(keys.get(0).trim())) {
      return wrong("a WebSocket needs one Sec-WebSocket-Key: 16 bytes as base64");
    }
    return Optional.empty();
  }

  // RFC 9112 section 6.3.
  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.equals("0"));
  }

  private static Optional<Refusal> wrong(String reason) {
    return Optional.of(new Refusal(400, "request", reason));
  }

  private static boolean hasToken(List<String> headers, String token) {
    String all = String.join(",", headers).toLowerCase(Locale.ROOT);
    return List.of(all.trim().split("\\s*,\\s*", -1)).contains(token);
  }

  private static boolean isKey(String text) {
    try {
      return Base64.getDecoder().decode(text).length == KEY_BYTES;
    } catch (IllegalArgumentException noBase64) {
      return false;
    }
  }
}
