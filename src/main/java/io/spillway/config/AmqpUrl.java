package io.spillway.config;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The address of a RabbitMQ broker, taken apart as the AMQP URI specification has it, but that a
 * path of nothing but a slash means the virtual host {@code /}, which is what is always meant.
 *
 * @param host IPv6 without brackets
 * @param tls true for {@code amqps://}
 * @param user from {@code user:password@}; {@code guest} if there is none
 * @param password from {@code user:password@}; null if there is none
 */
public record AmqpUrl(
    String host, int port, boolean tls, String vhost, String user, Secret password) {
  static final String ALLOWED = "amqp://[user[:password]@]host[:port][/vhost], or amqps://…";
  private static final Map<String, Integer> PORTS = Map.of("amqp", 5672, "amqps", 5671);
  private static final int NAME_BYTES_MAX = 255; // a short string, AMQP 0-9-1 section 4.2.5.3

  static AmqpUrl parse(String text) throws Unusable {
    URI url = Urls.parse(text, ALLOWED);
    Integer byScheme = PORTS.get(url.getScheme());
    if (byScheme == null || url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new Unusable(null, ALLOWED + Urls.cure(text));
    }
    String path = url.getRawPath();
    String vhost = path.length() < 2 ? "/" : Urls.decoded(path.substring(1));
    boolean tooLong = vhost.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX;
    if (path.lastIndexOf('/') > 0 || tooLong) {
      throw new Unusable(null, ALLOWED + ", a slash in vhost as %2F");
    }
    Urls.User user = Urls.User.of(url);
    return new AmqpUrl(
        HostRule.unbracketed(url.getHost()),
        url.getPort() >= 0 ? url.getPort() : byScheme,
        url.getScheme().equals("amqps"),
        vhost,
        user.name() == null ? "guest" : user.name(),
        user.password());
  }
}
