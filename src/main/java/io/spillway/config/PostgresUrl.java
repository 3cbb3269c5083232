package io.spillway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * The address of a PostgreSQL database, taken apart.
 *
 * @param password from {@code user:password@}, or null
 */
record PostgresUrl(String host, int port, String database, String user, Secret password) {
  static final String ALLOWED = "postgresql://user@host:port/database (also postgres://)";
  static final String DEFAULT = "postgresql://spillway@127.0.0.1:5432/spillway";
  private static final String DEFAULT_USER = "spillway";
  private static final int PORT = 5432;

  static PostgresUrl read(Section section, String key) throws ConfigException {
    String text = section.url(key, ALLOWED, DEFAULT);
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException error) {
      // Without the cause: its message is the whole URL, password included.
      throw section.wrong(key, Section.found(text) + ", which is not a URL", ALLOWED);
    }
    boolean scheme = "postgresql".equals(url.getScheme()) || "postgres".equals(url.getScheme());
    boolean path = url.getPath() != null && url.getPath().matches("/[^/]{1,63}");
    if (!scheme || url.getHost() == null || !path || !HostRule.isPort(url)) {
      throw section.wrong(key, Section.found(text), ALLOWED);
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null) {
      throw section.wrong(key, Section.found(text), ALLOWED + ", without parameters; see tls");
    }
    int port = url.getPort() < 0 ? PORT : url.getPort();
    String database = url.getPath().substring(1);
    return withUser(HostRule.unbracketed(url.getHost()), port, database, url.getRawUserInfo());
  }

  private static PostgresUrl withUser(String host, int port, String database, String userInfo) {
    if (userInfo == null || userInfo.isEmpty()) {
      return new PostgresUrl(host, port, database, DEFAULT_USER, null);
    }
    int colon = userInfo.indexOf(':');
    String user = decoded(colon < 0 ? userInfo : userInfo.substring(0, colon));
    Secret password = colon < 0 ? null : new Secret(decoded(userInfo.substring(colon + 1)));
    return new PostgresUrl(host, port, database, user, password);
  }

  // In a user info "+" is a plus, not a space as in a form.
  private static String decoded(String raw) {
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
