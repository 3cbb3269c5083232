package io.spillway.server.auth;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.spillway.config.Subnet;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a request comes from. What a client writes into {@code X-Forwarded-For} is worth nothing;
 * what a trusted proxy has appended at its right end is true. So the header is read from the right,
 * for as long as the one that wrote the address is trusted. {@code X-Real-IP} is not looked at.
 */
public final class ClientAddress {
  private static final String FORWARDED_FOR = "X-Forwarded-For";

  /** An address as proxies write it: bare, with a port, or in brackets. */
  private static final Pattern ENTRY =
      Pattern.compile("\\[([^\\]]+)](?::\\d{1,5})?|([0-9.]+):\\d{1,5}|(.+)");

  private final List<IpSubnetFilterRule> trusted;

  public ClientAddress(List<Subnet> trustedProxies) {
    trusted =
        trustedProxies.stream()
            .map(
                subnet ->
                    new IpSubnetFilterRule(
                        subnet.address(), subnet.prefix(), IpFilterRuleType.ACCEPT))
            .toList();
  }

  /** The client's address; null if the connection has none, as over a Unix socket. */
  public InetAddress of(HttpServerRequest request) {
    return of(peer(request), request.headers().getAll(FORWARDED_FOR));
  }

  /**
   * @param headers one or more {@code X-Forwarded-For} headers, in their order
   */
  InetAddress of(InetAddress peer, List<String> headers) {
    String[] hops = String.join(",", headers).split(",", -1);
    InetAddress client = peer;
    for (int i = hops.length - 1; i >= 0 && isTrusted(client); i--) {
      InetAddress before = parse(hops[i].trim());
      if (before == null) {
        return client;
      }
      client = before;
    }
    return client;
  }

  /** Whether the request was made on this machine, and no proxy has forwarded it. */
  public static boolean isLocal(HttpServerRequest request) {
    InetAddress peer = peer(request);
    return peer != null
        && peer.isLoopbackAddress()
        && !request.headers().contains(FORWARDED_FOR)
        && !request.headers().contains("Forwarded");
  }

  private boolean isTrusted(InetAddress address) {
    return address != null
        && trusted.stream().anyMatch(rule -> rule.matches(new InetSocketAddress(address, 0)));
  }

  private static InetAddress peer(HttpServerRequest request) {
    SocketAddress peer = request.remoteAddress();
    return peer == null || peer.hostAddress() == null ? null : address(peer.hostAddress());
  }

  private static InetAddress parse(String hop) {
    Matcher entry = ENTRY.matcher(hop);
    if (!entry.matches()) {
      return null;
    }
    String v6 = entry.group(1);
    String withPort = entry.group(2);
    return address(v6 != null ? v6 : withPort != null ? withPort : entry.group(3));
  }

  /** Null if it is not an IP address; names are not looked up. */
  private static InetAddress address(String text) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new AssertionError("4 or 16 bytes are an address", impossible);
    }
  }
}
