package io.spillway.server.auth;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.config.ServerConfig;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;

/** Who may come in, for all parts of the server: by its token, its origin, and how many. */
public record Access(TokenAuthenticator authenticator, Origins origins, ConnectionLimiter limiter) {
  /** Of WebSockets that carry records: what the documented nginx and tunnel set-ups produce. */
  private static final Set<String> PATHS = Set.of("/", "/ws", "/ws/");

  /** As configured. */
  public static Access of(ServerConfig config, MeterRegistry registry) {
    return new Access(
        new TokenAuthenticator(config),
        new Origins(config.live().allowedOrigins()),
        new ConnectionLimiter(
            config.limits(), new ClientAddress(config.trustedProxies()), registry));
  }

  /** Other tokens and limits, for new connections. */
  public void reload(ServerConfig fresh) {
    authenticator.tokens(fresh.tokens());
    limiter.limits(fresh.limits());
  }

  /** Why there is no WebSocket for one more client at this path; empty if there is. */
  public Optional<Refusal> refusal(HttpServerRequest request) {
    return isPath(request) ? limiter.refusal(request) : Optional.of(Refusal.PATH);
  }

  /** Whether WebSockets that carry records are at the path of this request. */
  public static boolean isPath(HttpServerRequest request) {
    return PATHS.contains(request.path());
  }
}
