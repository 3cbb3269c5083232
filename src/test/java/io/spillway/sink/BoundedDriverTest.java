package io.spillway.sink;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.PartitionBy;
import io.spillway.config.PostgresConfig;
import io.spillway.config.PostgresUrl;
import io.spillway.config.SinkConfig;
import io.spillway.config.TlsMode;
import io.spillway.kit.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.junit5.VertxExtension;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.SqlConnection;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
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
  private static final int ROW = 1 << 20;

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

  @Test
  @DisplayName("ends an answer of rows without end, long before the memory does")
  void endless(Vertx vertx) throws IOException {
    try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Future<?> asked =
          new BoundedDriver(config(port.getLocalPort()))
              .createConnectionFactory(vertx, new NetClientOptions())
              .connect(
                  vertx.getOrCreateContext(),
                  new PgConnectOptions()
                      .setHost("127.0.0.1")
                      .setPort(port.getLocalPort())
                      .setSslMode(SslMode.DISABLE))
              .compose(connected -> connected.query("SELECT 1").execute());
      assertThat(answerWithRows(port)).isLessThan(64 << 20);
      Await.until("it has failed", Duration.ofMillis(SOON_MS), asked::failed);
      assertThat(asked.cause()).hasMessageContaining("it announces an answer of");
    }
  }

  /** How many bytes of rows it took. */
  private static long answerWithRows(ServerSocket port) throws IOException {
    long sent = 0;
    try (Socket client = port.accept()) {
      client.setSoTimeout(SOON_MS);
      DataOutputStream out = new DataOutputStream(client.getOutputStream());
      assertThat(client.getInputStream().read(new byte[1_024])).as("StartupMessage").isPositive();
      message(out, 'R', new byte[Integer.BYTES]); // AuthenticationOk
      message(out, 'S', "client_encoding\0UTF8\0".getBytes(US_ASCII));
      message(out, 'Z', new byte[] {'I'});
      assertThat(client.getInputStream().read(new byte[1_024])).as("Query").isPositive();
      message(out, 'T', ByteBuffer.allocate(22).putShort((short) 1).put((byte) 'a').array());
      ByteBuffer row = ByteBuffer.allocate(Short.BYTES + Integer.BYTES + ROW);
      row.putShort((short) 1).putInt(ROW);
      while (sent < 1L << 30) {
        message(out, 'D', row.array());
        sent += ROW;
      }
    } catch (SocketException closed) {
      return sent;
    }
    throw new AssertionError("took a gigabyte");
  }

  private static void message(DataOutputStream out, char kind, byte[] body) throws IOException {
    out.writeByte(kind);
    out.writeInt(body.length + Integer.BYTES);
    out.write(body);
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
