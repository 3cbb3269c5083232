package io.spillway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** What all kinds of URLs have in common: how they are taken apart, and what goes wrong. */
final class Urls {
  private Urls() {}

  /** The text as a URL with a scheme and a host. */
  static URI parse(String text, String allowed) throws Unusable {
    try {
      URI url = new URI(text);
      if (url.getScheme() == null || url.getHost() == null || !HostRule.isPort(url)) {
        throw new Unusable(null, allowed + cure(text));
      }
      return url;
    } catch (URISyntaxException error) {
      // Without the cause: its message is the whole URL, password included.
      throw new Unusable(Found.text(text) + ", which is not a URL", allowed + cure(text));
    }
  }

  /** What is most often done wrong in a URL that is none; empty if nothing of that is there. */
  static String cure(String text) {
    int start = text.indexOf("//") + 2;
    int at = text.lastIndexOf('@');
    if (start >= 2 && at > start && !text.substring(start, at).matches("[^@#/?\\[\\]% ]*")) {
      return "; in a user or password write @ as %40, # as %23, / as %2F, ? as %3F, % as %25";
    }
    String host = text.substring(Math.max(start, at + 1)).replaceFirst("[/?#].*", "");
    boolean bare = start >= 2 && !host.contains("[") && host.indexOf(':') != host.lastIndexOf(':');
    return bare ? "; an IPv6 address goes in brackets, as in [::1]:1883" : "";
  }

  /** User and password, escapes undone; either may be null. */
  record User(String name, Secret password) {
    /** Of {@code user:password@}; both null if there is none. */
    static User of(URI url) {
      String info = url.getRawUserInfo();
      if (info == null || info.isEmpty()) {
        return new User(null, null);
      }
      int colon = info.indexOf(':');
      return new User(
          decoded(colon < 0 ? info : info.substring(0, colon)),
          colon < 0 ? null : new Secret(decoded(info.substring(colon + 1))));
    }
  }

  // Outside forms "+" is a plus, not a space.
  static String decoded(String raw) {
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** {@code host:port}, an IPv6 address in brackets. */
  static String authority(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
