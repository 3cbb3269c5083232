package io.spillway.server.auth;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.spillway.config.Subnet;
import io.spillway.net.Loopback;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
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

  /** What proxies add, one this and the other that. */
  private static final List<String> FORWARDED =
      List.of(
          FORWARDED_FOR,
          "Forwarded",
          "Via",
          "X-Forwarded-Host",
          "X-Forwarded-Proto",
          "X-Real-IP",
          "CF-Connecting-IP");

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

  /**
   * Whether the request was made on this machine and no proxy has forwarded it; and by a name of
   * this machine, so that no web page has made it that calls this machine by its own.
   */
  public static boolean isLocal(HttpServerRequest request) {
    InetAddress peer = peer(request);
    HostAndPort authority = request.authority();
    return peer != null
        && peer.isLoopbackAddress()
        && authority != null
        && Loopback.isName(authority.host())
        && FORWARDED.stream().noneMatch(request.headers()::contains);
  }

  /** Whether a proxy has forwarded the request that is trusted to say so. */
  boolean isForwardedByTrusted(HttpServerRequest request) {
    return isTrusted(peer(request)) && request.headers().contains(FORWARDED_FOR);
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
