package io.spillway.server.pages;

import io.spillway.server.part.Part;
import io.spillway.server.part.Responses;
import io.spillway.worker.Blocking;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Answers GET and HEAD for the files of the {@code webroot} with {@code ETag} and 304, for {@code
 * /x.html} also as {@code /x}, and other methods with 405; whatever is not among them, it leaves to
 * the routes that follow.
 */
public final class PagesEndpoint implements Part {
  private static final String INDEX = "index.html";
  private static final String HTML = ".html";

  /**
   * Nothing but what this server serves; no script is in a page, and no text becomes HTML, not even
   * by a mistake of ours: a browser that knows trusted types refuses {@code innerHTML} altogether.
   */
  private static final String POLICY =
      "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; "
          + "require-trusted-types-for 'script'; trusted-types 'none'";

  private final Future<Map<String, Page>> pages;
  private final String policy;

  /**
   * Reads them all, on a worker; who asks earlier waits for it.
   *
   * @param brokerOrigin {@code ws://host[:port]} or {@code wss://…}, which the pages may connect to
   *     beside this server; or null
   */
  public PagesEndpoint(Vertx vertx, String brokerOrigin) {
    pages = Blocking.run(vertx, PagesEndpoint::read);
    policy = brokerOrigin == null ? POLICY : POLICY + "; connect-src 'self' " + brokerOrigin;
  }

  private static Map<String, Page> read() {
    Map<String, Page> pages = new HashMap<>();
    Webroot.read("webroot", INDEX)
        .forEach(
            (path, bytes) -> {
              Page page = Page.of(path, bytes);
              pages.put(path, page);
              if (path.endsWith('/' + INDEX)) {
                pages.put(path.substring(0, path.length() - INDEX.length()), page);
              } else if (path.endsWith(HTML)) {
                pages.put(path.substring(0, path.length() - HTML.length()), page);
              }
            });
    return Map.copyOf(pages);
  }

  @Override
  public Future<?> mount(Router router) {
    router.route().handler(this::handle);
    return Future.succeededFuture();
  }

  private void handle(RoutingContext context) {
    if (pages.isComplete()) {
      answer(context);
    } else { // on the request's own thread, whichever reads the pages
      Context own = context.vertx().getOrCreateContext();
      pages.onComplete(read -> own.runOnContext(on -> answer(context)));
    }
  }

  private void answer(RoutingContext context) {
    if (pages.succeeded()) {
      answer(context, pages.result().get(context.normalizedPath()));
    } else {
      context.fail(pages.cause());
    }
  }

  private void answer(RoutingContext context, Page page) {
    if (page == null) {
      context.next();
      return;
    }
    HttpMethod method = context.request().method();
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      context.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
      Responses.error(context, 405, "a page takes GET and HEAD, not " + method);
      return;
    }
    boolean gzipWanted = wantsGzip(context.request().getHeader(HttpHeaders.ACCEPT_ENCODING));
    Page.Form form = page.form(gzipWanted);
    HttpServerResponse response = context.response();
    page.describe(response, gzipWanted);
    response
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .putHeader("Content-Security-Policy", policy)
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("X-Content-Type-Options", "nosniff");
    if (isKnown(context.request().headers().getAll(HttpHeaders.IF_NONE_MATCH), form.tag())) {
      response.setStatusCode(304).end().onFailure(context::fail);
    } else if (context.request().method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(form.bytes().length()));
      response.end().onFailure(context::fail);
    } else {
      response.end(form.bytes()).onFailure(context::fail);
    }
  }

  /** Weak comparison, as RFC 9110 section 13.1.2 asks: a proxy may have made a tag weak. */
  private static boolean isKnown(List<String> headers, String tag) {
    for (String header : headers) {
      for (String known : header.split(",", -1)) {
        String given = known.trim();
        if (given.equals("*") || given.equals(tag) || given.equals("W/" + tag)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean wantsGzip(String accepted) {
    String header = accepted == null ? "" : accepted.toLowerCase(Locale.ROOT).replace(" ", "");
    return header.contains("gzip") && !header.matches(".*gzip;q=0(\\.0*)?(,.*)?");
  }
}
