package io.spillway.server.part;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Which pages of other origins may read the answers (Fetch standard, section 3.2). Without a list
 * none may; a page of an origin that is not on it sees nothing, and nobody else is hindered. Vert.x
 * has a handler for this, but it refuses every other origin with 403: also the server's own pages.
 */
public final class Cors {
  private static final String PREFLIGHT_SECONDS = "600";

  private final List<String> origins;

  /**
   * @param origins lower case, or {@code *}
   */
  public Cors(List<String> origins) {
    this.origins = origins;
  }

  /** Marks what is answered, whatever it will be. */
  public void mark(RoutingContext context) {
    String origin = context.request().getHeader("Origin");
    MultiMap headers = context.response().headers();
    if (origins.contains("*")) {
      headers.set("Access-Control-Allow-Origin", "*");
    } else if (!origins.isEmpty()) {
      headers.add("Vary", "Origin");
      if (origin != null && origins.contains(origin)) {
        headers.set("Access-Control-Allow-Origin", origin);
      }
    }
    if (headers.contains("Access-Control-Allow-Origin")) {
      headers.set(
          "Access-Control-Expose-Headers", "Link, Retry-After, Spillway-Note, Spillway-Source");
    }
  }

  /** Answers {@code OPTIONS}; for a preflight, with what may be sent. */
  public void options(RoutingContext context, String allowed) {
    MultiMap headers = context.response().headers();
    headers.set("Allow", allowed);
    if (headers.contains("Access-Control-Allow-Origin") && isPreflight(context)) {
      headers.set("Access-Control-Allow-Methods", allowed);
      headers.set("Access-Control-Allow-Headers", "Authorization, Content-Type");
      headers.set("Access-Control-Max-Age", PREFLIGHT_SECONDS);
    }
    context.response().setStatusCode(204).end().otherwiseEmpty();
  }

  private static boolean isPreflight(RoutingContext context) {
    return context.request().method().equals(HttpMethod.OPTIONS)
        && context.request().headers().contains("Access-Control-Request-Method");
  }
}
