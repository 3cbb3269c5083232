package io.spillway.sink;

import io.spillway.config.PostgresConfig;
import io.spillway.config.TlsMode;
import io.spillway.net.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** How the database is reached, by whoever writes to it or reads from it. */
final class PostgresAccess {
  private final PostgresConfig config;
  private final NetClient probe;
  private final Addresses addresses;

  /**
   * @param patience how long whoever connects waits for a connection; no address gets all of it
   */
  PostgresAccess(Vertx vertx, PostgresConfig config, Duration patience) {
    this.config = config;
    int patienceMs = Math.toIntExact(patience.toMillis());
    probe = vertx.createNetClient(new NetClientOptions().setConnectTimeout(patienceMs / 2));
    addresses = new Addresses(vertx, config.host());
  }

  /**
   * How to connect, at an address where somebody listens. PostgreSQL's client takes one address and
   * keeps to it, so a host with several is knocked at first: a connection that brings no data is
   * nothing to PostgreSQL, not even a line in its log.
   */
  Future<PgConnectOptions> options() {
    return addresses
        .all()
        .compose(all -> all.size() == 1 ? Future.succeededFuture(all.get(0)) : knock())
        .map(address -> options(new InetSocketAddress(address, config.port())));
  }

  private Future<InetAddress> knock() {
    return addresses.connect(
        address ->
            probe
                .connect(
                    SocketAddress.inetSocketAddress(new InetSocketAddress(address, config.port())))
                .compose(NetSocket::close)
                .map(address));
  }

  private PgConnectOptions options(InetSocketAddress address) {
    PgConnectOptions options =
        new Located(address)
            .setHost(config.host())
            .setPort(config.port())
            .setDatabase(config.database())
            .setUser(config.user())
            .setPassword(config.password() == null ? "" : config.password().value())
            .setCachePreparedStatements(true)
            .addProperty("application_name", "spillway");
    return config.tls() == TlsMode.DISABLE
        ? options.setSslMode(SslMode.DISABLE)
        : options.setSslMode(sslMode()).setSslOptions(sslOptions());
  }

  private SslMode sslMode() {
    return switch (config.tls()) {
      case DISABLE -> SslMode.DISABLE;
      case PREFER -> SslMode.PREFER;
      case REQUIRE -> SslMode.REQUIRE;
      case VERIFY_FULL -> SslMode.VERIFY_FULL;
    };
  }

  private ClientSSLOptions sslOptions() {
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

  /** The host by its name, for its certificate, and by the address to connect to. */
  private static final class Located extends PgConnectOptions {
    private final SocketAddress address;

    Located(InetSocketAddress address) {
      this.address = SocketAddress.inetSocketAddress(address);
    }

    @Override
    public SocketAddress getSocketAddress() {
      return address;
    }
  }
}
