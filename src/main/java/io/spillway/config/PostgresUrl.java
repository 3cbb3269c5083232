package io.spillway.config;

import java.net.URI;

/**
 * The address of a PostgreSQL database, taken apart.
 *
 * @param host IPv6 without brackets
 * @param user {@code spillway} if there is none
 * @param password from {@code user:password@}, or null
 */
public record PostgresUrl(String host, int port, String database, String user, Secret password) {
  static final String ALLOWED = "postgresql://user@host:port/database (also postgres://)";
  private static final int PORT = 5432;

  static PostgresUrl parse(String text) throws Unusable {
    URI url = Urls.parse(text, ALLOWED);
    boolean scheme = url.getScheme().equals("postgresql") || url.getScheme().equals("postgres");
    if (!scheme || !url.getPath().matches("/[^/]{1,63}")) {
      throw new Unusable(null, ALLOWED + Urls.cure(text));
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new Unusable(null, ALLOWED + ", without parameters; see tls" + Urls.cure(text));
    }
    Urls.User user = Urls.User.of(url);
    return new PostgresUrl(
        HostRule.unbracketed(url.getHost()),
        url.getPort() < 0 ? PORT : url.getPort(),
        url.getPath().substring(1),
        user.name() == null ? "spillway" : user.name(),
        user.password());
  }
}
