package io.spillway.config;

import io.netty.util.NetUtil;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/** What counts as a host, a port and a loopback address; names are not looked up. */
final class HostRule {
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[?[0-9A-Fa-f:.]{2,45}]?");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1|0:0:0:0:0:0:0:1");

  private HostRule() {}

  /** True if it looks like the name of a host, or is an IP address; IPv6 perhaps in brackets. */
  static boolean isHost(String text) {
    return HOST.matcher(text).matches()
        && (!text.contains(":") || NetUtil.isValidIpV6Address(unbracketed(text)));
  }

  /** True if only this machine can reach the host. */
  static boolean isLoopback(String host) {
    return LOOPBACK.matcher(unbracketed(host).toLowerCase(Locale.ROOT)).matches();
  }

  /** An IPv6 address without the brackets a URL puts around it. */
  static String unbracketed(String host) {
    boolean brackets = host.startsWith("[") && host.endsWith("]");
    return brackets ? host.substring(1, host.length() - 1) : host;
  }

  /** True if the URL names no port or one from 1 to 65535. */
  static boolean isPort(URI url) {
    return url.getPort() == -1 || (url.getPort() > 0 && url.getPort() <= 65_535);
  }
}
