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
  private boolean doubtful;

  /**
   * @param patience how long whoever connects waits for a connection; an address gets half of it,
   *     and where it is in doubt as much again, but no more than 5 s
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
   * How to connect, at an address where somebody listens. PostgreSQL's client takes one address and
   * keeps to it, so a host with several is knocked at first: a connection that brings no data is
   * nothing to PostgreSQL, not even a line in its log.
   */
  Future<PgConnectOptions> options() {
    return addresses
        .all()
        .compose(
            all ->
                all.size() == 1 && !doubtful
                    ? Future.succeededFuture(all.get(0))
                    : addresses.connect(this::knock))
        .onSuccess(found -> doubtful = false)
        .map(address -> options(new InetSocketAddress(address, config.port())));
  }

  /**
   * The client had no answer, and would wait for ever, each time with an open socket: until there
   * is one, it is asked for on a connection of ours. (Not always, as a server with TLS logs that
   * its handshake was not gone on with.)
   */
  void doubt() {
    doubtful = true;
  }

  private Future<InetAddress> knock(InetAddress address) {
    return probe
        .connect(SocketAddress.inetSocketAddress(new InetSocketAddress(address, config.port())))
        .compose(
            socket ->
                (doubtful ? answer(socket) : Future.succeededFuture())
                    .onComplete(answered -> socket.close()))
        .map(address);
  }

  private Future<Void> answer(NetSocket socket) {
    Promise<Void> answered = Promise.promise();
    socket.handler(
        bytes -> {
          if ("SNE".indexOf(bytes.getByte(0)) >= 0) { // TLS, none, or an error
            answered.tryComplete();
          } else {
            answered.tryFail(no(FaultKind.OTHER, "it speaks something else"));
          }
        });
    socket.closeHandler(closed -> answered.tryFail(no(FaultKind.CUT, "it closed the connection")));
    socket.exceptionHandler(answered::tryFail);
    socket.write(SSL_REQUEST);
    return answered
        .future()
        .timeout(answerWithinMs, TimeUnit.MILLISECONDS)
        .recover(
            error ->
                Future.failedFuture(
                    error instanceof TimeoutException
                        ? no(FaultKind.TIMEOUT, "nothing was said for " + answerWithinMs + " ms")
                        : error));
  }

  private Throwable no(FaultKind kind, String why) {
    return new Fault(
            kind, config.address() + ": " + why + "; is it PostgreSQL? check sinks.postgres.url")
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
