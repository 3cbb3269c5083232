package io.spillway.server.auth;

import io.spillway.config.ServerConfig;
import io.spillway.config.TokenConfig;
import io.spillway.config.TokenRole;
import io.spillway.retry.RateLimitedLog;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the token of a request: {@code Authorization: Bearer …} (RFC 6750 section 2.1) or, since
 * the documented clients know no other way, {@code ?token=…}. For several threads.
 */
public final class TokenAuthenticator {
  private static final Logger log = LoggerFactory.getLogger(TokenAuthenticator.class);

  private static final String BEARER = "Bearer ";

  private volatile List<TokenConfig> tokens;
  private final boolean anonymousReads;
  private final OwnNames names;
  private final RateLimitedLog strangers = new RateLimitedLog(log);

  public TokenAuthenticator(ServerConfig config) {
    tokens = config.tokens();
    anonymousReads = config.live().anonymous();
    names = new OwnNames(config);
  }

  /** Other tokens are valid from now on; see {@link #stillValid} for who came in before. */
  public void tokens(List<TokenConfig> fresh) {
    tokens = fresh;
  }

  /**
   * What the request may do. A token opens one door. Without one, whoever is on this machine may
   * send while there is no ingest token at all, and all may read if reading is anonymous. An
   * unknown token opens nothing: its sender believes to be somebody. Nor does a request without one
   * that calls this machine by a foreign name: see {@link OwnNames}.
   */
  public Grant admit(HttpServerRequest request) {
    String presented = presented(request);
    return presented == null ? Grant.NONE : unlessStrange(request, admit(presented));
  }

  private Grant unlessStrange(HttpServerRequest request, Grant grant) {
    boolean ambient = grant.isAmbient() && (grant.maySend() || grant.mayRead());
    if (!ambient || names.isNamed(request)) {
      return grant;
    }
    strangers.warn(
        "[server] whoever asks for host "
            + request.getHeader(HttpHeaders.HOST)
            + " needs a token. If that is a name of this server, put its origin into"
            + " server.live.allowedOrigins, or its proxy into server.trustedProxies");
    return Grant.NONE;
  }

  /**
   * @param presented the token; empty if there was none
   */
  Grant admit(String presented) {
    if (presented.isEmpty()) {
      return new Grant(null, isOpen(), anonymousReads);
    }
    TokenConfig token = find(presented.getBytes(StandardCharsets.UTF_8));
    return token == null
        ? Grant.NONE
        : new Grant(token, token.role() == TokenRole.INGEST, token.role() == TokenRole.LIVE);
  }

  /**
   * Whether a pass given earlier would be given again: its secret is still configured for the same
   * role, or without a token the rights that it has are still everybody's.
   */
  public boolean stillValid(Grant grant) {
    TokenConfig held = grant.token();
    if (held == null) {
      return (!grant.maySend() || isOpen()) && (!grant.mayRead() || anonymousReads);
    }
    return tokens.stream().anyMatch(token -> isSame(token, held));
  }

  /** Whether an edge of this name may come with that pass, as tokens are now. */
  public boolean covers(Grant grant, String edge) {
    TokenConfig held = grant.token();
    return held == null
        || tokens.stream().anyMatch(token -> isSame(token, held) && token.covers(edge));
  }

  private static boolean isSame(TokenConfig token, TokenConfig held) {
    return token.role() == held.role() && token.secret().equals(held.secret());
  }

  /**
   * The same for a door with a rule of its own, for readers.
   *
   * @param anonymous whether it needs no token; an unknown token opens it never
   */
  public Grant admitReader(HttpServerRequest request, boolean anonymous) {
    String presented = presented(request);
    if (presented == null) {
      return Grant.NONE;
    }
    return presented.isEmpty()
        ? unlessStrange(request, new Grant(null, false, anonymous))
        : admit(presented).forReading();
  }

  /** See {@link #admit}. */
  public boolean maySend(HttpServerRequest request) {
    return admit(request).maySend();
  }

  /** See {@link #admit}. */
  public boolean mayRead(HttpServerRequest request) {
    return admit(request).mayRead();
  }

  private boolean isOpen() {
    return tokens.stream().noneMatch(token -> token.role() == TokenRole.INGEST);
  }

  // All tokens are compared, each in constant time: how long it takes tells nothing.
  private TokenConfig find(byte[] presented) {
    TokenConfig found = null;
    for (TokenConfig token : tokens) {
      found = token.secret().matches(presented) ? token : found;
    }
    return found;
  }

  // The documented listener sends an empty ?token= when it has none. Null: it cannot be told which.
  private static String presented(HttpServerRequest request) {
    List<String> headers = request.headers().getAll(HttpHeaders.AUTHORIZATION);
    if (headers.size() > 1) {
      return null;
    }
    String header = headers.isEmpty() ? "" : headers.get(0);
    if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return header.substring(BEARER.length()).trim();
    }
    try {
      List<String> tokens = request.params().getAll("token");
      return tokens.isEmpty() ? "" : tokens.size() > 1 ? null : tokens.get(0);
    } catch (IllegalArgumentException unreadable) {
      return null;
    }
  }
}
