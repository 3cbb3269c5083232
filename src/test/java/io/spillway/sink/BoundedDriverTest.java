package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.PartitionBy;
import io.spillway.config.PostgresConfig;
import io.spillway.config.PostgresUrl;
import io.spillway.config.SinkConfig;
import io.spillway.config.TlsMode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.junit5.VertxExtension;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("PostgreSQL's client")
@ExtendWith(VertxExtension.class)
class BoundedDriverTest {
  private static final int SOON_MS = 10_000;

  @Test
  @DisplayName("closes a connection on which nothing moves when the options say so")
  void silent(Vertx vertx) throws IOException {
    try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      NetClientOptions options =
          new NetClientOptions().setIdleTimeout(200).setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
      Future<SqlConnection> connected =
          new BoundedDriver(config(port.getLocalPort()))
              .createConnectionFactory(vertx, options)
              .connect(
                  vertx.getOrCreateContext(),
                  new PgConnectOptions()
                      .setHost("127.0.0.1")
                      .setPort(port.getLocalPort())
                      .setSslMode(SslMode.DISABLE));
      try (Socket client = port.accept()) {
        client.setSoTimeout(SOON_MS);
        assertThat(client.getInputStream().readAllBytes()).as("StartupMessage").isNotEmpty();
      }
      assertThat(connected.succeeded()).isFalse();
    }
  }

  private static PostgresConfig config(int port) {
    Duration second = Duration.ofSeconds(1);
    return new PostgresConfig(
        new PostgresUrl("127.0.0.1", port, "d", "u", null),
        null,
        TlsMode.DISABLE,
        null,
        "t",
        PartitionBy.DAY,
        List.of(),
        new SinkConfig(1, 1_024, Duration.ZERO, 50, second),
        4,
        second);
  }
}
