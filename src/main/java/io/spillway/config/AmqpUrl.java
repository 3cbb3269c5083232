package io.spillway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The address of a RabbitMQ broker, taken apart as the AMQP URI specification has it, but that a
 * path of nothing but a slash means the virtual host {@code /}, which is what is always meant.
 *
 * @param tls true for {@code amqps://}
 * @param user from {@code user:password@}; {@code guest} if there is none
 * @param password from {@code user:password@}; null if there is none
 */
record AmqpUrl(String host, int port, boolean tls, String vhost, String user, Secret password) {
  static final String ALLOWED = "amqp://[user[:password]@]host[:port][/vhost], or amqps://…";
  private static final Map<String, Integer> PORTS = Map.of("amqp", 5672, "amqps", 5671);
  private static final String GUEST = "guest";
  private static final int NAME_BYTES_MAX = 255; // a short string, AMQP 0-9-1 section 4.2.5.3

  static AmqpUrl read(Section section, String key, String byDefault) throws ConfigException {
    String text = section.url(key, ALLOWED, byDefault);
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException error) {
      // Without the cause: its message is the whole URL, password included.
      throw section.wrong(key, Section.found(text) + ", which is not a URL", ALLOWED);
    }
    boolean bare = url.getRawQuery() == null && url.getRawFragment() == null;
    Integer byScheme = url.getScheme() == null ? null : PORTS.get(url.getScheme());
    if (byScheme == null || url.getHost() == null || !bare || !HostRule.isPort(url)) {
      throw section.wrong(key, Section.found(text), ALLOWED);
    }
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    String vhost = path.length() < 2 ? "/" : decoded(path.substring(1));
    if (path.lastIndexOf('/') > 0 || bytes(vhost) > NAME_BYTES_MAX) {
      throw section.wrong(key, Section.found(text), ALLOWED + ", a slash in vhost as %2F");
    }
    String host = HostRule.unbracketed(url.getHost());
    int port = url.getPort() >= 0 ? url.getPort() : byScheme;
    boolean tls = url.getScheme().equals("amqps");
    String userInfo = url.getRawUserInfo();
    if (userInfo == null || userInfo.isEmpty()) {
      return new AmqpUrl(host, port, tls, vhost, GUEST, null);
    }
    int colon = userInfo.indexOf(':');
    String user = decoded(colon < 0 ? userInfo : userInfo.substring(0, colon));
    Secret password = colon < 0 ? null : new Secret(decoded(userInfo.substring(colon + 1)));
    return new AmqpUrl(host, port, tls, vhost, user, password);
  }

  // Outside forms "+" is a plus, not a space.
  private static String decoded(String raw) {
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
