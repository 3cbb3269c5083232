package io.spillway.server.auth;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which web pages may connect (RFC 6454): the server's own, and those of the origins that are
 * configured. A browser lets any page open a WebSocket to any server, and says with {@code Origin}
 * which page it is; what is no browser sends none.
 */
public final class Origins {
  private static final Set<Integer> WEB_PORTS = Set.of(80, 443);

  private final boolean any;
  private final Set<String> allowed = new HashSet<>();

  /**
   * @param allowed {@code http[s]://host[:port]}, or {@code *}
   */
  public Origins(List<String> allowed) {
    any = allowed.contains("*");
    allowed.forEach(origin -> this.allowed.add(plain(origin)));
  }

  /** Whether the request comes from a page that may, or from no page at all. */
  public boolean allows(HttpServerRequest request) {
    List<String> origins = request.headers().getAll(HttpHeaders.ORIGIN);
    return origins.isEmpty()
        || (origins.size() == 1 && allows(origins.get(0), request.getHeader(HttpHeaders.HOST)));
  }

  /**
   * @param host the Host header: where the page's request went; null if there was none
   */
  boolean allows(String origin, String host) {
    return any || allowed.contains(plain(origin)) || isOwn(origin, host);
  }

  // TLS ends at the proxy, so the scheme tells nothing, and a Host without port may mean 80 or 443.
  private static boolean isOwn(String origin, String host) {
    URI page = parse(origin);
    URI here = host == null ? null : parse("http://" + host);
    if (page == null || here == null || !page.getHost().equalsIgnoreCase(here.getHost())) {
      return false;
    }
    int port = port(page);
    return here.getPort() == -1 ? WEB_PORTS.contains(port) : here.getPort() == port;
  }

  private static int port(URI page) {
    if (page.getPort() != -1) {
      return page.getPort();
    }
    return "https".equalsIgnoreCase(page.getScheme()) ? 443 : 80;
  }

  /** Null if it is no origin: {@code null}, as sandboxed pages send, or nonsense. */
  private static URI parse(String origin) {
    try {
      URI uri = new URI(origin);
      return uri.getHost() == null || uri.getScheme() == null ? null : uri;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /** As a browser writes it: lower case, without a default port. */
  private static String plain(String origin) {
    return origin
        .toLowerCase(Locale.ROOT)
        .replaceFirst("^(http://.*):80$", "$1")
        .replaceFirst("^(https://.*):443$", "$1");
  }
}
