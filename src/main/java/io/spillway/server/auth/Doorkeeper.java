package io.spillway.server.auth;

import io.spillway.config.ServerConfig;
import io.spillway.config.TokenConfig;
import io.spillway.config.TokenRole;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Checks the token of a request: {@code Authorization: Bearer …} (RFC 6750 section 2.1) or, since
 * the documented clients know no other way, {@code ?token=…}.
 */
public final class Doorkeeper {
  private static final String BEARER = "Bearer ";

  private List<TokenConfig> tokens;
  private final boolean anonymousReads;

  public Doorkeeper(ServerConfig config) {
    tokens = config.tokens();
    anonymousReads = config.live().anonymous();
  }

  /** Other tokens are valid from now on; whoever is in stays in. */
  public void tokens(List<TokenConfig> fresh) {
    tokens = fresh;
  }

  /**
   * Without any ingest token the server listens on loopback only, and whoever is there may send.
   */
  public boolean maySend(HttpServerRequest request) {
    boolean open = tokens.stream().noneMatch(token -> token.role() == TokenRole.INGEST);
    return open || holds(request, TokenRole.INGEST);
  }

  public boolean mayRead(HttpServerRequest request) {
    return anonymousReads || holds(request, TokenRole.LIVE);
  }

  /** Whether the request comes from this machine, as far as the connection tells. */
  public static boolean fromLoopback(SocketAddress peer) {
    try {
      return peer != null
          && peer.hostAddress() != null
          && InetAddress.getByName(peer.hostAddress()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  // All tokens are compared, each in constant time: how long it takes tells nothing.
  private boolean holds(HttpServerRequest request, TokenRole role) {
    byte[] presented = presented(request);
    boolean found = false;
    for (TokenConfig token : tokens) {
      boolean same = token.secret().matches(presented);
      found |= same && token.role() == role;
    }
    return found;
  }

  private static byte[] presented(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    String token =
        header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
            ? header.substring(BEARER.length()).trim()
            : request.getParam("token");
    return token == null ? new byte[0] : token.getBytes(StandardCharsets.UTF_8);
  }
}
