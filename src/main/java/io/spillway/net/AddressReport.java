package io.spillway.net;

import io.netty.util.NetUtil;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.hop.HopFinding;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What came of an attempt at each address of a host. Connects nowhere; for one thread. */
final class AddressReport {
  /** Whoever begins with an address that answers so late, or not at all, has lost that time. */
  private static final long LATE_MS = 1_000;

  private static final int NAMED_MAX = 8;

  private final String hop;
  private final int port;
  private final Function<Throwable, Fault> explain;
  private final Attempts attempts;
  private final boolean onlyIpv6;
  private final List<String> told = new ArrayList<>();
  private int connected;
  private boolean late;

  /**
   * @param addresses all that are tried, at least one
   * @param explain what a fault means, and what to do about it
   */
  AddressReport(
      String hop, List<InetAddress> addresses, int port, Function<Throwable, Fault> explain) {
    this.hop = hop;
    this.port = port;
    this.explain = explain;
    attempts = new Attempts(addresses, null);
    onlyIpv6 = addresses.stream().allMatch(Inet6Address.class::isInstance);
  }

  /** Which addresses a name has, of both families. */
  static HopFinding named(String hop, String host, List<InetAddress> addresses) {
    if (NetUtil.createInetAddressFromIpAddressString(host) != null) {
      return HopFinding.ok(hop, host + " is an address: no name has to be looked up");
    }
    List<InetAddress> ipv6 = addresses.stream().filter(Inet6Address.class::isInstance).toList();
    List<InetAddress> ipv4 = addresses.stream().filter(each -> !ipv6.contains(each)).toList();
    return HopFinding.ok(hop, host + ": " + list("A", ipv4) + ", " + list("AAAA", ipv6));
  }

  private static String list(String kind, List<InetAddress> addresses) {
    if (addresses.isEmpty()) {
      return "no " + kind;
    }
    int more = addresses.size() - NAMED_MAX;
    return kind
        + addresses.stream()
            .limit(NAMED_MAX)
            .map(each -> " " + NetUtil.toAddressString(each))
            .collect(Collectors.joining())
        + (more > 0 ? " and " + more + " more" : "");
  }

  void connected(InetAddress address, long tookMs) {
    connected++;
    late |= tookMs >= LATE_MS;
    told.add(at(address) + " in " + tookMs + " ms");
  }

  void failed(InetAddress address, Throwable error, long tookMs) {
    attempts.failed(error);
    late |= tookMs >= LATE_MS;
    told.add(at(address) + ' ' + briefly(explain.apply(error), tookMs));
  }

  private String at(InetAddress address) {
    String number = NetUtil.toAddressString(address);
    return (address instanceof Inet6Address ? '[' + number + ']' : number) + ':' + port;
  }

  private static String briefly(Fault why, long tookMs) {
    if (why.kind() == FaultKind.REFUSED) {
      return "refuses";
    }
    return why.kind() == FaultKind.TIMEOUT
        ? String.format(Locale.ROOT, "does not answer within %.1f s", tookMs / 1_000.0)
        : "cannot be reached";
  }

  /** Once all have been tried. */
  HopFinding finding() {
    String words = String.join(", ", told);
    if (connected == 0) {
      Fault why = explain.apply(attempts.fault());
      return HopFinding.failed(
          hop,
          told.size() > 1 ? words : why.trouble(),
          why.cure() + (onlyIpv6 ? " (only IPv6 was tried: does it listen there?)" : ""));
    }
    return late
        ? HopFinding.notice(
            hop,
            words,
            "whoever begins with an address that does not answer waits so long each time: open"
                + " the way to it, or take it out of the name")
        : HopFinding.ok(hop, words);
  }
}
