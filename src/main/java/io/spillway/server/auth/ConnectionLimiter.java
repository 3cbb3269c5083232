package io.spillway.server.auth;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.config.LimitsConfig;
import io.spillway.retry.RateLimitedLog;
import io.spillway.wire.CloseCode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many WebSockets there are and may be, in all and from one address: one count over all kinds
 * of them. Whoever upgrades asks {@link #refusal}, takes a {@link Ticket} in the same turn of the
 * event loop, and gives it back when the connection has gone. Clients on this machine are not
 * counted by address: behind a proxy that is not trusted they are all the proxy.
 */
public final class ConnectionLimiter {
  private static final Logger log = LoggerFactory.getLogger(ConnectionLimiter.class);

  private final RateLimitedLog pages = new RateLimitedLog(log);
  private final ClientAddress addresses;
  private final MeterRegistry registry;
  private final AtomicInteger connections = new AtomicInteger();

  /** Never more entries than connections. */
  private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

  private volatile LimitsConfig limits;

  public ConnectionLimiter(LimitsConfig limits, ClientAddress addresses, MeterRegistry registry) {
    this.limits = limits;
    this.addresses = addresses;
    this.registry = registry;
    Gauge.builder("spillway.connections", connections, AtomicInteger::get).register(registry);
  }

  /** Other limits, for new connections. */
  public void limits(LimitsConfig fresh) {
    limits = fresh;
  }

  /** How many there are. */
  public int connections() {
    return connections.get();
  }

  /** Where a request comes from, for logs. */
  public String client(HttpServerRequest request) {
    InetAddress client = addresses.of(request);
    return client == null ? "somebody" : client.getHostAddress();
  }

  /** Why one more connection from there is too many; empty if it is not. */
  public Optional<Refusal> refusal(HttpServerRequest request) {
    return refusal(addresses.of(request));
  }

  Optional<Refusal> refusal(InetAddress client) {
    LimitsConfig now = limits;
    if (connections.get() >= now.connections()) {
      return Optional.of(Refusal.full(now.connections()));
    }
    boolean tooMany =
        isCounted(client) && byAddress.getOrDefault(client, 0) >= now.connectionsPerIp();
    return tooMany ? Optional.of(Refusal.tooMany(now.connectionsPerIp())) : Optional.empty();
  }

  /** A connection begins. */
  public Ticket enter(HttpServerRequest request) {
    return enter(addresses.of(request));
  }

  Ticket enter(InetAddress client) {
    connections.incrementAndGet();
    if (isCounted(client)) {
      byAddress.merge(client, 1, Integer::sum);
    }
    return new Ticket(client);
  }

  /** Counts that somebody did not get in, and tells him; fails if he has gone. */
  public Future<Void> refuse(HttpServerRequest request, Refusal refusal) {
    refused(refusal.cause());
    return refusal.answer(request);
  }

  /** Counts that somebody did not get in. */
  public void refused(String cause) {
    registry.counter("spillway.connections.refused", "reason", cause).increment();
  }

  /**
   * Upgrades, and closes with 1008: a browser that is refused before the upgrade tells its page
   * nothing.
   */
  public void showOut(HttpServerRequest request) {
    refused("origin");
    pages.warn("[server] " + client(request) + ": a page of another origin may not connect");
    Ticket ticket = enter(request);
    Future.succeededFuture(request)
        .compose(HttpServerRequest::toWebSocket) // one that throws has failed, too
        .compose(
            socket -> {
              socket.closeHandler(closed -> ticket.leave());
              return socket.close(CloseCode.POLICY.code(), "origin not allowed");
            })
        .onFailure(gone -> ticket.leave());
  }

  /** How many addresses are counted. */
  int addresses() {
    return byAddress.size();
  }

  private static boolean isCounted(InetAddress client) {
    return client != null && !client.isLoopbackAddress();
  }

  /** One connection's place in the count. */
  public final class Ticket {
    private final InetAddress client;
    private final AtomicBoolean left = new AtomicBoolean();

    private Ticket(InetAddress client) {
      this.client = client;
    }

    /** The connection has gone; again does nothing. On any thread. */
    public void leave() {
      if (left.compareAndSet(false, true)) {
        connections.decrementAndGet();
        if (isCounted(client)) {
          byAddress.computeIfPresent(client, (c, count) -> count == 1 ? null : count - 1);
        }
      }
    }
  }
}
