package io.spillway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Http;
import io.spillway.kit.PlainSender;
import io.spillway.kit.Proof;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nobody speaks at the port, which the system lets connect, or somebody who does not end. */
@DisplayName("A sink at a port where no database speaks")
class SilentDatabaseIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @RegisterExtension final Site site = new Site();
  private Spillway server;
  private ServerSocket port;

  @BeforeEach
  void listen() throws IOException {
    server = Spillway.server(site);
    port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    port.setSoTimeout((int) SOON.toMillis());
  }

  @AfterEach
  void close() throws IOException {
    port.close();
  }

  @Test
  @Proof
  @DisplayName("says so of PostgreSQL, asks what is there, and leaves no connection behind")
  void postgres() throws IOException {
    String url = "postgres://127.0.0.1:" + port.getLocalPort() + "/db";
    server.set("sinks.postgres.url", url).start();

    assertThat(server.proc().awaitLine("\\[postgres].*no answer within 10000 ms", SOON))
        .isNotNull();
    Socket first = port.accept(); // the client's own, which it keeps
    for (int attempt = 0; attempt < 2; attempt++) {
      try (Socket asked = port.accept()) {
        asked.setSoTimeout((int) SOON.toMillis());
        assertThat(asked.getInputStream().readAllBytes()).as("SSLRequest").hasSize(8);
      }
    }
    assertThat(server.proc().awaitLine("\\[postgres].*nothing was said for 5000 ms", SOON))
        .contains("is it PostgreSQL? check sinks.postgres.url");
    awaitHealth("nothing was said");
    first.close();
  }

  @Test
  @DisplayName("says so of InfluxDB, long before the write is given up")
  void influx() {
    server
        .set("sinks.influx.url", "http://127.0.0.1:" + port.getLocalPort())
        .set("sinks.influx.database", "db")
        .set("sinks.influx.timeoutMs", 600_000)
        .start();
    PlainSender.send(server, "{\"v\":1}");

    server.proc().awaitLine("\\[influx].*no answer within 10000 ms", SOON);
    awaitHealth("no answer within 10000 ms");
  }

  @Test
  @DisplayName("reads no answer of InfluxDB's without end, in 64 MB, and asks again")
  void endlessAnswer() throws IOException {
    byte[] head =
        "HTTP/1.1 500 Internal Server Error\r\nTransfer-Encoding: chunked\r\n\r\n"
            .getBytes(US_ASCII);
    byte[] chunk = ("8000\r\n" + "z".repeat(0x8000) + "\r\n").getBytes(US_ASCII);
    server
        .jvm("-Xmx64m")
        .set("sinks.influx.url", "http://127.0.0.1:" + port.getLocalPort())
        .set("sinks.influx.database", "db")
        .start();
    PlainSender.send(server, "{\"v\":1}");

    for (int attempt = 0; attempt < 3; attempt++) {
      assertThat(sendUntilClosed(head, chunk)).isLessThan(32L << 20);
    }
    awaitHealth("is it one? check sinks.influx.url");
    assertThat(server.proc().output()).doesNotContain("OutOfMemory");
  }

  @Test
  @DisplayName("takes no message of 2 GB from PostgreSQL, in 64 MB, and asks again")
  void endlessMessage() throws IOException {
    byte[] head = ByteBuffer.allocate(5).put((byte) 'E').putInt(0x7ffffff0).array();
    server
        .jvm("-Xmx64m")
        .set("sinks.postgres.url", "postgres://127.0.0.1:" + port.getLocalPort() + "/db")
        .set("sinks.postgres.tls", "disable")
        .start();

    for (int attempt = 0; attempt < 3; attempt++) {
      assertThat(sendUntilClosed(head, new byte[1 << 16])).isLessThan(32L << 20);
    }
    awaitHealth("it announces a message of 2147483632 bytes");
    assertThat(server.proc().output()).doesNotContain("OutOfMemory");
  }

  /** Answers the next connection with this, and then with that for ever: how many bytes it took. */
  private long sendUntilClosed(byte[] head, byte[] part) throws IOException {
    long sent = 0;
    try (Socket client = port.accept()) {
      client.getInputStream().read();
      client.getOutputStream().write(head);
      while (sent < 1L << 30) {
        client.getOutputStream().write(part);
        sent += part.length;
      }
      throw new AssertionError("took a gigabyte");
    } catch (SocketException closed) {
      return sent;
    }
  }

  private void awaitHealth(String words) {
    Await.until(
        "health tells it",
        SOON,
        () -> Http.get(server.httpUrl() + "/health").body().contains(words));
  }
}
