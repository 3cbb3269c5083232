package io.spillway.server.auth;

import io.spillway.config.ServerConfig;
import io.spillway.net.Loopback;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * By which names this server is asked where being on this machine is all that is needed. A web page
 * can have its own name lead to 127.0.0.1 (DNS rebinding): to its browser it is then the server's
 * own page, and only the Host header tells that it is not.
 *
 * <p>Loopback's names are ours, and those of the allowed origins. What a trusted proxy forwards may
 * have any, and so may what reaches a server that listens beyond loopback: both are open to
 * strangers because somebody chose it.
 */
final class OwnNames {
  private final boolean any;
  private final Set<String> names = new HashSet<>();
  private final ClientAddress addresses;

  OwnNames(ServerConfig config) {
    List<String> origins = config.live().allowedOrigins();
    any = !Loopback.isName(config.host()) || origins.contains("*");
    addresses = new ClientAddress(config.trustedProxies());
    if (!any) {
      origins.forEach(origin -> names.add(URI.create(origin).getHost().toLowerCase(Locale.ROOT)));
    }
  }

  /** Whether the request names this server. */
  boolean isNamed(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    return any
        || (authority != null
            && (Loopback.isName(authority.host())
                || names.contains(authority.host().toLowerCase(Locale.ROOT))))
        || addresses.isForwardedByTrusted(request);
  }
}
