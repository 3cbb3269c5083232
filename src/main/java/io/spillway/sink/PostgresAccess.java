package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.PostgresConfig;
import io.spillway.config.TlsMode;
import io.spillway.net.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How the database is reached, by whoever writes to it or reads from it. */
final class PostgresAccess {
  /** SSLRequest, which every server answers with one byte (PostgreSQL, Message Formats). */
  private static final Buffer SSL_REQUEST = Buffer.buffer().appendInt(8).appendInt(80_877_103);

  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

  private final PostgresConfig config;
  private final NetClient probe;
  private final Addresses addresses;
  private final long answerWithinMs;

  /**
   * @param patience how long whoever connects waits for a connection; no address gets all of it
   */
  PostgresAccess(Vertx vertx, PostgresConfig config, Duration patience) {
    this.config = config;
    answerWithinMs = Math.min(ANSWER_WITHIN.toMillis(), patience.toMillis() / 2);
    probe =
        vertx.createNetClient(
            new NetClientOptions().setConnectTimeout(Math.toIntExact(patience.toMillis() / 2)));
    addresses = new Addresses(vertx, config.host());
  }

  /**
   * How to connect, at an address where a PostgreSQL answers. Its client takes one address and
   * keeps to it, and at a port where nobody speaks it would wait for ever, each attempt with an
   * open socket. PostgreSQL logs nothing of a connection that ends after this question.
   */
  Future<PgConnectOptions> options() {
    return addresses
        .connect(this::ask)
        .map(address -> options(new InetSocketAddress(address, config.port())));
  }

  private Future<InetAddress> ask(InetAddress address) {
    return probe
        .connect(SocketAddress.inetSocketAddress(new InetSocketAddress(address, config.port())))
        .compose(socket -> answer(socket).onComplete(answered -> socket.close()))
        .map(address);
  }

  private Future<Void> answer(NetSocket socket) {
    Promise<Void> answered = Promise.promise();
    socket.handler(bytes -> answered.tryComplete());
    socket.closeHandler(closed -> answered.tryFail(no("it closed the connection at once")));
    socket.exceptionHandler(answered::tryFail);
    socket.write(SSL_REQUEST);
    return answered
        .future()
        .timeout(answerWithinMs, TimeUnit.MILLISECONDS)
        .recover(
            error ->
                Future.failedFuture(
                    error instanceof TimeoutException
                        ? no("nothing was said for " + answerWithinMs + " ms")
                        : error));
  }

  private Throwable no(String why) {
    return new Fault(
            FaultKind.TIMEOUT,
            config.address() + ": " + why + "; is it PostgreSQL? check sinks.postgres.url")
        .failure();
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
