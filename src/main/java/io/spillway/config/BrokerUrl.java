package io.spillway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The address of an MQTT broker, taken apart.
 *
 * @param user from {@code user:password@}, or null
 * @param password from {@code user:password@}, or null
 */
record BrokerUrl(String host, int port, boolean tls, String user, Secret password) {
  static final String ALLOWED = "mqtt://host:port, mqtts://host:port (also tcp://, ssl://)";
  private static final Map<String, Boolean> TLS =
      Map.of("mqtt", false, "tcp", false, "mqtts", true, "ssl", true);
  private static final int PLAIN_PORT = 1883;
  private static final int TLS_PORT = 8883;

  static BrokerUrl read(Section section, String key, String byDefault) throws ConfigException {
    String text = section.url(key, ALLOWED, byDefault);
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException error) {
      // Without the cause: its message is the whole URL, password included.
      throw section.wrong(key, Section.found(text) + ", which is not a URL", ALLOWED);
    }
    Boolean tls = url.getScheme() == null ? null : TLS.get(url.getScheme());
    boolean bare = url.getRawQuery() == null && url.getRawFragment() == null;
    boolean noPath = url.getRawPath() == null || url.getRawPath().matches("/?");
    if (tls == null || url.getHost() == null || !bare || !noPath || !HostRule.isPort(url)) {
      throw section.wrong(key, Section.found(text), ALLOWED + ", without a path");
    }
    int port = url.getPort() >= 0 ? url.getPort() : tls ? TLS_PORT : PLAIN_PORT;
    return withUser(HostRule.unbracketed(url.getHost()), port, tls, url.getRawUserInfo());
  }

  /** The address without user and password, always with its port. */
  String plain() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return (tls ? "mqtts://" : "mqtt://") + shown + ":" + port;
  }

  private static BrokerUrl withUser(String host, int port, boolean tls, String userInfo) {
    if (userInfo == null || userInfo.isEmpty()) {
      return new BrokerUrl(host, port, tls, null, null);
    }
    int colon = userInfo.indexOf(':');
    String user = decoded(colon < 0 ? userInfo : userInfo.substring(0, colon));
    Secret password = colon < 0 ? null : new Secret(decoded(userInfo.substring(colon + 1)));
    return new BrokerUrl(host, port, tls, user, password);
  }

  // In a user info "+" is a plus, not a space as in a form.
  private static String decoded(String raw) {
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
