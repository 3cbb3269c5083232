package io.spillway.sink;

import io.spillway.config.PostgresConfig;
import io.spillway.config.TlsMode;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;

/** How the database is reached, by whoever writes to it or reads from it. */
final class PostgresAccess {
  private PostgresAccess() {}

  /** How to connect, for a purpose that needs nothing special. */
  static PgConnectOptions options(PostgresConfig config) {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(config.host())
            .setPort(config.port())
            .setDatabase(config.database())
            .setUser(config.user())
            .setPassword(config.password() == null ? "" : config.password().value())
            .setCachePreparedStatements(true)
            .addProperty("application_name", "spillway");
    return config.tls() == TlsMode.DISABLE
        ? options.setSslMode(SslMode.DISABLE)
        : options.setSslMode(sslMode(config)).setSslOptions(sslOptions(config));
  }

  private static SslMode sslMode(PostgresConfig config) {
    return switch (config.tls()) {
      case DISABLE -> SslMode.DISABLE;
      case PREFER -> SslMode.PREFER;
      case REQUIRE -> SslMode.REQUIRE;
      case VERIFY_FULL -> SslMode.VERIFY_FULL;
    };
  }

  private static ClientSSLOptions sslOptions(PostgresConfig config) {
    ClientSSLOptions options = new ClientSSLOptions();
    if (config.tls() != TlsMode.VERIFY_FULL) {
      return options.setTrustAll(true).setHostnameVerificationAlgorithm("");
    }
    return options
        .setHostnameVerificationAlgorithm("HTTPS")
        .setTrustOptions(
            config.caFile() == null
                ? new JavaTrust()
                : new PemTrustOptions().addCertPath(config.caFile().toString()));
  }
}
