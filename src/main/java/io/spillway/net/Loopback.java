package io.spillway.net;

import io.netty.util.NetUtil;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * This machine and nobody else, by whichever name: {@code localhost} is 127.0.0.1 for one program
 * and ::1 for the next, so a port on one of them is a port on both.
 */
public final class Loopback {
  private static final String IPV4 = "127.0.0.1";
  private static final String IPV6 = "::1";

  /** What stands for all of loopback; another address of 127/8 is meant by whoever names it. */
  private static final Set<String> NAMES = Set.of("localhost", IPV4, IPV6, "0:0:0:0:0:0:0:1");

  /** RFC 6761 section 6.3: whatever is below localhost is this machine, too. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?:[a-z0-9-]+\\.)*localhost|127(?:\\.\\d{1,3}){3}|::1|0:0:0:0:0:0:0:1",
          Pattern.CASE_INSENSITIVE);

  private Loopback() {}

  /**
   * Whether it can mean nothing but this machine, whatever a name server says.
   *
   * @param host a name or an address, IPv6 with or without brackets
   */
  public static boolean isName(String host) {
    boolean brackets = host.startsWith("[") && host.endsWith("]");
    return NAME.matcher(brackets ? host.substring(1, host.length() - 1) : host).matches();
  }

  /**
   * The addresses to listen on.
   *
   * @param host a name or an address, IPv6 without brackets
   * @return 127.0.0.1 and, if this machine has it, ::1 for one of loopback's names; else the host
   */
  public static List<String> addresses(String host) {
    return addresses(host, hasIpv6());
  }

  /** The addresses of loopback on this machine. */
  public static List<String> addresses() {
    return addresses(IPV4);
  }

  static List<String> addresses(String host, boolean ipv6) {
    if (!NAMES.contains(host.toLowerCase(Locale.ROOT))) {
      return List.of(host);
    }
    return ipv6 ? List.of(IPV4, IPV6) : List.of(IPV4);
  }

  /** False where the kernel or the JVM has no IPv6, or where it is switched off on loopback. */
  private static boolean hasIpv6() {
    try {
      return NetworkInterface.getByInetAddress(NetUtil.LOCALHOST6) != null;
    } catch (SocketException none) {
      return false;
    }
  }
}
