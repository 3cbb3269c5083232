package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.PostgresConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.VertxWrapper;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.impl.PgConnectionFactory;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.util.concurrent.TimeUnit;

/**
 * PostgreSQL's client, which knows no limit of what a server may send in one message, with one: an
 * eighth of the heap, at most 16 MiB. A row of ours has a record of up to 8 MiB ({@code
 * server.limits.maxMessageBytes}), which PostgreSQL writes with more spaces, and a number of it
 * with all its digits: so whoever asks for records asks for those of {@link #textMax} only. An
 * error is some KB. All rows of an answer may have twice as much: one is asked for with one record
 * of that size, or with 4 MiB of smaller ones.
 */
final class BoundedDriver extends PgDriver {
  private static final int BYTES_MAX = 16 << 20;

  /** For what is beside the text in a row: numbers, a time and an id, of less than 3 KB. */
  private static final int BESIDE = 16 << 10;

  private final String address;

  BoundedDriver(PostgresConfig config) {
    address = config.address();
  }

  private static int bytesMax() {
    return (int) Math.min(BYTES_MAX, Runtime.getRuntime().maxMemory() / 8);
  }

  /** How many bytes of text a row may have to come through. */
  static int textMax() {
    return bytesMax() - BESIDE;
  }

  @Override
  public ConnectionFactory<PgConnectOptions> createConnectionFactory(
      Vertx vertx, NetClientOptions options) {
    return new PgConnectionFactory(new Sockets((VertxInternal) vertx, options));
  }

  private NetSocket limited(NetSocket socket) {
    ((NetSocketInternal) socket)
        .channelHandlerContext()
        .pipeline()
        .addBefore(
            "handler",
            "messageLimit",
            new MessageLimit(
                bytesMax(),
                answerMax(),
                length -> tooLong("a message", length, bytesMax()),
                length -> tooLong("an answer", length, answerMax())));
    return socket;
  }

  private static long answerMax() {
    return 2L * bytesMax();
  }

  private Throwable tooLong(String what, long length, long max) {
    return new Fault(
            FaultKind.OTHER,
            "%s: it announces %s of %d bytes, more than it may have (%d); if it is not PostgreSQL, check sinks.postgres.url"
                .formatted(address, what, length, max))
        .failure();
  }

  /**
   * The only way to a socket of the client's before it reads, and to options that it leaves out.
   */
  private final class Sockets extends VertxWrapper {
    private final NetClientOptions options;

    Sockets(VertxInternal vertx, NetClientOptions options) {
      super(vertx);
      this.options = options;
    }

    @Override
    public NetClient createNetClient(NetClientOptions usual) {
      return new LimitedClient(super.createNetClient(options));
    }
  }

  private final class LimitedClient implements NetClient {
    private final NetClient client;

    LimitedClient(NetClient client) {
      this.client = client;
    }

    @Override
    public Future<NetSocket> connect(int port, String host) {
      return client.connect(port, host).map(BoundedDriver.this::limited);
    }

    @Override
    public Future<NetSocket> connect(int port, String host, String serverName) {
      return client.connect(port, host, serverName).map(BoundedDriver.this::limited);
    }

    @Override
    public Future<NetSocket> connect(SocketAddress remote) {
      return client.connect(remote).map(BoundedDriver.this::limited);
    }

    @Override
    public Future<NetSocket> connect(SocketAddress remote, String serverName) {
      return client.connect(remote, serverName).map(BoundedDriver.this::limited);
    }

    @Override
    public Future<NetSocket> connect(ConnectOptions options) {
      return client.connect(options).map(BoundedDriver.this::limited);
    }

    @Override
    public Future<Void> shutdown(long timeout, TimeUnit unit) {
      return client.shutdown(timeout, unit);
    }

    @Override
    public Future<Boolean> updateSSLOptions(ClientSSLOptions options, boolean force) {
      return client.updateSSLOptions(options, force);
    }

    @Override
    public boolean isMetricsEnabled() {
      return client.isMetricsEnabled();
    }
  }
}
