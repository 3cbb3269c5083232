package io.spillway.net;

import io.spillway.bus.Fault;
import io.spillway.hop.HopFinding;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Function;

/**
 * Looks at the way to one port of a host: what its name means, and who answers at each of its
 * addresses, all at once. A connection that comes about is closed, and nothing is sent on it.
 */
public final class HostExamination {
  private static final int CONNECT_WITHIN_MS = 5_000;
  private static final int ADDRESSES_MAX = 16;

  private final String peer;
  private final String host;
  private final int port;
  private final Function<Throwable, Fault> explain;
  private final TimeSource time;
  private final Addresses addresses;
  private final NetClient client;

  /**
   * @param peer what it is called, for the names of the hops
   * @param host a name or an address, IPv6 without brackets
   * @param explain what a fault means, and what to do about it
   */
  public HostExamination(
      Vertx vertx,
      String peer,
      String host,
      int port,
      Function<Throwable, Fault> explain,
      TimeSource time) {
    this.peer = peer;
    this.host = host;
    this.port = port;
    this.explain = explain;
    this.time = time;
    addresses = new Addresses(vertx, host);
    client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_WITHIN_MS));
  }

  /** What the first of the two hops is called. */
  public String nameHop() {
    return peer + " name";
  }

  /** What the second one is called. */
  public String portHop() {
    return peer + " port";
  }

  /** Never fails. */
  public Future<HopFinding> name() {
    return addresses
        .all()
        .map(found -> AddressReport.named(nameHop(), host, found))
        .otherwise(error -> failed(nameHop(), error));
  }

  /** Never fails. */
  public Future<HopFinding> port() {
    return addresses.all().compose(this::tryAll).otherwise(error -> failed(portHop(), error));
  }

  private Future<HopFinding> tryAll(List<InetAddress> found) {
    List<InetAddress> tried = found.subList(0, Math.min(found.size(), ADDRESSES_MAX));
    AddressReport report = new AddressReport(portHop(), tried, port, explain);
    List<Future<?>> attempts =
        tried.stream().<Future<?>>map(address -> attempt(address, report)).toList();
    return Future.join(attempts).map(all -> report.finding());
  }

  private Future<?> attempt(InetAddress address, AddressReport report) {
    long startedMs = time.monotonicMs();
    return client
        .connect(SocketAddress.inetSocketAddress(new InetSocketAddress(address, port)))
        .onSuccess(socket -> report.connected(address, time.monotonicMs() - startedMs))
        .onFailure(error -> report.failed(address, error, time.monotonicMs() - startedMs))
        .compose(NetSocket::close)
        .otherwiseEmpty();
  }

  private HopFinding failed(String hop, Throwable error) {
    Fault why = explain.apply(error);
    return HopFinding.failed(hop, why.trouble(), why.cure());
  }
}
