package io.spillway.replay;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The address of a server or a broker, taken apart.
 *
 * @param host IPv6 without brackets
 * @param path with the query; empty for a broker
 * @param user of a broker; null for none
 * @param password of a broker; null for none
 */
record TargetUrl(
    String scheme, String host, int port, boolean tls, String path, String user, String password) {
  static final String SERVER = "ws://host[:port][/path] or wss://host[:port][/path]";
  static final String BROKER = "mqtt://[user@]host[:port] or mqtts://[user@]host[:port]";

  private static final Map<String, Integer> SERVER_PORTS = Map.of("ws", 80, "wss", 443);
  private static final Map<String, Integer> BROKER_PORTS = Map.of("mqtt", 1883, "mqtts", 8883);

  /**
   * That of a server.
   *
   * @throws IllegalArgumentException with what is wrong with it, in words that repeat none of it
   */
  static TargetUrl server(String text) {
    URI url = parse(text, SERVER_PORTS, SERVER);
    String query = url.getRawQuery();
    if (url.getRawUserInfo() != null || (query != null && query.matches("(.*&)?token=.*"))) {
      throw new IllegalArgumentException(
          "a command line is for all to read: the token goes into a file, --token-file, or into"
              + " INGEST_TOKEN");
    }
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return of(url, SERVER_PORTS, query == null ? path : path + '?' + query, null, null);
  }

  /**
   * That of a broker.
   *
   * @throws IllegalArgumentException with what is wrong with it, in words that repeat none of it
   */
  static TargetUrl broker(String text) {
    URI url = parse(text, BROKER_PORTS, BROKER);
    if (!url.getRawPath().matches("/?") || url.getRawQuery() != null) {
      throw new IllegalArgumentException("is none of " + BROKER);
    }
    String info = url.getRawUserInfo();
    int colon = info == null ? -1 : info.indexOf(':');
    String user = info == null ? null : decoded(colon < 0 ? info : info.substring(0, colon));
    String password = colon < 0 ? null : decoded(info.substring(colon + 1));
    return of(url, BROKER_PORTS, "", user, password);
  }

  private static URI parse(String text, Map<String, Integer> schemes, String allowed) {
    try {
      URI url = new URI(text);
      boolean whole = url.getHost() != null && url.getScheme() != null;
      boolean port = url.getPort() == -1 || (url.getPort() > 0 && url.getPort() <= 65_535);
      if (whole && port && url.getRawFragment() == null && schemes.containsKey(url.getScheme())) {
        return url;
      }
    } catch (URISyntaxException none) {
      // Its message has the whole URL, password included.
    }
    throw new IllegalArgumentException("is none of " + allowed);
  }

  private static TargetUrl of(
      URI url, Map<String, Integer> ports, String path, String user, String password) {
    String scheme = url.getScheme();
    String host = url.getHost();
    return new TargetUrl(
        scheme,
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        url.getPort() > 0 ? url.getPort() : ports.get(scheme),
        scheme.equals("wss") || scheme.equals("mqtts"),
        path,
        user,
        password);
  }

  // Outside forms "+" is a plus, not a space.
  private static String decoded(String raw) {
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  TargetUrl withPassword(String other) {
    return new TargetUrl(scheme, host, port, tls, path, user, other);
  }

  /** {@code host:port}. */
  String address() {
    return (host.contains(":") ? '[' + host + ']' : host) + ':' + port;
  }

  /** Without user, password and query. */
  String plain() {
    return scheme + "://" + address() + path.replaceFirst("\\?.*", "");
  }

  @Override
  public String toString() {
    return plain();
  }
}
