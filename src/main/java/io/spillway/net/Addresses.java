package io.spillway.net;

import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The addresses of one host, of which the first that works is the one: a connection is tried at
 * each, and next time begins where it came about.
 *
 * <p>Names are looked up as the system does (hosts file, DNS, mDNS): Vert.x' own resolver knows one
 * address of a name in the hosts file, the IPv4 one, and connects to one address only.
 */
public final class Addresses {
  /** Finds the addresses of a name; may block. */
  interface Lookup {
    /** Gives at least one. */
    List<InetAddress> of(String host) throws UnknownHostException;
  }

  /** As the system does it. */
  private static final Lookup SYSTEM = host -> List.of(InetAddress.getAllByName(host));

  /** A name server that does not answer holds a thread for half a minute: these have no other. */
  private static final int LOOKUPS = 2;

  private final Vertx vertx;
  private final String host;
  private final Lookup lookup;
  private final Predicate<Throwable> isAnswer;
  private final InetAddress literal;
  private WorkerExecutor worker;
  private Future<List<InetAddress>> looking;
  private volatile InetAddress good;

  /**
   * Of a host where every fault is worth another address.
   *
   * @param host a name or an address, IPv6 without brackets
   */
  public Addresses(Vertx vertx, String host) {
    this(vertx, host, fault -> false);
  }

  /**
   * @param host a name or an address, IPv6 without brackets
   * @param isAnswer true for a fault that is the other side's word (a wrong token, for example):
   *     then no other address is asked
   */
  public Addresses(Vertx vertx, String host, Predicate<Throwable> isAnswer) {
    this(vertx, host, isAnswer, SYSTEM);
  }

  Addresses(Vertx vertx, String host, Predicate<Throwable> isAnswer, Lookup lookup) {
    this.vertx = vertx;
    this.host = host;
    this.lookup = lookup;
    this.isAnswer = isAnswer;
    literal = NetUtil.createInetAddressFromIpAddressString(host);
  }

  /**
   * Connects to the first address at which it works.
   *
   * @param attempt connects to one address; the addresses of a name carry it, for who checks a
   *     certificate
   * @return fails as {@link Attempts#fault} says, or with an {@link UnknownHostException}
   */
  public <T> Future<T> connect(Function<InetAddress, Future<T>> attempt) {
    return all().compose(found -> next(new Attempts(found, good), attempt));
  }

  /** A TCP or TLS connection; what a certificate is checked against is the host. */
  public Future<NetSocket> connect(NetClient client, int port) {
    return connect(
        address ->
            client.connect(SocketAddress.inetSocketAddress(new InetSocketAddress(address, port))));
  }

  /** All of them, in the order of the system; at least one. */
  public Future<List<InetAddress>> all() {
    if (literal != null) {
      return Future.succeededFuture(List.of(literal));
    }
    if (worker == null) { // of this name alone: another's name server may hang
      worker = vertx.createSharedWorkerExecutor("name-lookup-" + host, LOOKUPS);
    }
    if (looking == null || looking.isComplete()) {
      looking = worker.executeBlocking(() -> lookup.of(host), false);
    }
    return looking;
  }

  /**
   * The number of an address, for clients that take text. Fails for a link-local one of IPv6: its
   * zone is no part of the text that they understand (RFC 4007 section 11).
   */
  public static Future<String> number(InetAddress address) {
    return address instanceof Inet6Address ipv6 && ipv6.getScopeId() != 0
        ? Future.failedFuture(new NoRouteToHostException(address + " is of one link only"))
        : Future.succeededFuture(address.getHostAddress());
  }

  private <T> Future<T> next(Attempts attempts, Function<InetAddress, Future<T>> attempt) {
    InetAddress address = attempts.next();
    return attempt
        .apply(address)
        .onSuccess(connected -> good = address)
        .recover(
            fault -> {
              good = address.equals(good) ? null : good;
              if (isAnswer.test(fault)) {
                return Future.failedFuture(fault);
              }
              attempts.failed(fault);
              return attempts.hasNext()
                  ? next(attempts, attempt)
                  : Future.failedFuture(attempts.fault());
            });
  }
}
