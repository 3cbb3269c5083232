package io.spillway.config;

import java.net.URI;
import java.util.Map;

/**
 * The address of an MQTT broker, taken apart.
 *
 * @param host IPv6 without brackets
 * @param tls true for {@code mqtts://} and {@code ssl://}
 * @param user from {@code user:password@}, or null
 * @param password from {@code user:password@}, or null
 */
public record BrokerUrl(String host, int port, boolean tls, String user, Secret password) {
  static final String ALLOWED = "mqtt://host:port, mqtts://host:port (also tcp://, ssl://)";
  private static final Map<String, Boolean> TLS =
      Map.of("mqtt", false, "tcp", false, "mqtts", true, "ssl", true);
  private static final int PLAIN_PORT = 1883;
  private static final int TLS_PORT = 8883;

  static BrokerUrl parse(String text) throws Unusable {
    URI url = Urls.parse(text, ALLOWED);
    Boolean tls = TLS.get(url.getScheme());
    boolean bare = url.getRawQuery() == null && url.getRawFragment() == null;
    if (tls == null || !bare || !url.getRawPath().matches("/?")) {
      throw new Unusable(null, ALLOWED + ", without a path" + Urls.cure(text));
    }
    int port = url.getPort() >= 0 ? url.getPort() : tls ? TLS_PORT : PLAIN_PORT;
    Urls.User user = Urls.User.of(url);
    return new BrokerUrl(
        HostRule.unbracketed(url.getHost()), port, tls, user.name(), user.password());
  }

  /** Whether it says who connects. */
  boolean hasUser() {
    return user != null || password != null;
  }

  BrokerUrl withPort(int other) {
    return new BrokerUrl(host, other, tls, user, password);
  }

  /** The address without user and password, always with its port. */
  String plain() {
    return (tls ? "mqtts://" : "mqtt://") + Urls.authority(host, port);
  }
}
