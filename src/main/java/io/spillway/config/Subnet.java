package io.spillway.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Some neighbouring IP addresses (CIDR, RFC 4632 and RFC 4291 section 2.3), or just one. Names are
 * not looked up.
 *
 * @param prefix how many of the first bits count, 0..32 for IPv4 and 0..128 for IPv6
 */
public record Subnet(InetAddress address, int prefix) {
  private static final Pattern FORM = Pattern.compile("([0-9A-Fa-f:.]{2,45})(?:/(\\d{1,3}))?");

  /** Null if {@code text} is neither an IP address nor an address, a slash and a prefix. */
  static Subnet parse(String text) {
    Matcher form = FORM.matcher(text);
    byte[] bytes =
        form.matches() ? NetUtil.createByteArrayFromIpAddressString(form.group(1)) : null;
    if (bytes == null) {
      return null;
    }
    try {
      InetAddress address = InetAddress.getByAddress(bytes);
      int bits = address.getAddress().length * Byte.SIZE;
      int prefix = form.group(2) == null ? bits : Integer.parseInt(form.group(2));
      return prefix <= bits ? new Subnet(address, prefix) : null;
    } catch (UnknownHostException impossible) {
      throw new AssertionError("4 or 16 bytes are an address", impossible);
    }
  }
}
