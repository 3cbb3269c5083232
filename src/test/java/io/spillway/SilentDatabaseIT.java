package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Http;
import io.spillway.kit.PlainSender;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The system takes the connections of a port that listens; nobody speaks there. */
@DisplayName("A sink at a port where nobody speaks")
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

  private void awaitHealth(String words) {
    Await.until(
        "health tells it",
        SOON,
        () -> Http.get(server.httpUrl() + "/health").body().contains(words));
  }
}
