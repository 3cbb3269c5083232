package io.spillway.server;

import static io.spillway.kit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.spillway.bus.Channels;
import io.spillway.config.JournalConfig;
import io.spillway.config.LimitsConfig;
import io.spillway.config.LiveConfig;
import io.spillway.config.PagesConfig;
import io.spillway.config.Secret;
import io.spillway.config.ServerConfig;
import io.spillway.config.Subnet;
import io.spillway.config.TokenConfig;
import io.spillway.config.TokenRole;
import io.spillway.kit.FreePort;
import io.spillway.kit.Heard;
import io.spillway.store.Store;
import io.spillway.time.TimeSource;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A request that is not as it should be")
@ExtendWith(VertxExtension.class)
class StrangeRequestTest {
  private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  private static final String SOCKET = "Upgrade: websocket~Connection: Upgrade~" + KEY;

  @TempDir Path dir;
  private Vertx vertx;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final int port = FreePort.next();

  @BeforeEach
  void open(Vertx vertx) {
    this.vertx = vertx;
    Channels.register(vertx);
  }

  /** A server on loopback that anybody there may read and, without tokens, write. */
  private void serve(List<TokenConfig> tokens, List<String> origins, List<Subnet> proxies) {
    serve(tokens, origins, proxies, true);
  }

  private void serve(
      List<TokenConfig> tokens, List<String> origins, List<Subnet> proxies, boolean anonymous) {
    Duration some = Duration.ofSeconds(30);
    JournalConfig journal =
        new JournalConfig(
            dir, "ingest.ndjson", Duration.ZERO, 64 << 20, some, false, Duration.ZERO, 0);
    PagesConfig pages =
        new PagesConfig(
            null,
            new PagesConfig.Vote("test/phone", null, List.of("A", "B"), true),
            new PagesConfig.Chat("chat"));
    await(vertx.deployVerticle(new Store(journal, registry, TimeSource.SYSTEM)));
    ServerConfig config =
        new ServerConfig(
            "127.0.0.1",
            port,
            tokens,
            journal,
            new LiveConfig(anonymous, some, some, 1 << 20, origins, List.of(), 16),
            new LimitsConfig(100_000, 50, 50, 0),
            null,
            pages,
            proxies,
            some);
    await(vertx.deployVerticle(new Server(config, null, registry)));
  }

  private void serve() {
    serve(List.of(), List.of(), List.of());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"GET /health HTTP/1.1", "GET /nowhere HTTP/1.1~Host: a~" + SOCKET})
  @DisplayName("is answered with Connection: close, and the connection is closed")
  void closed(String head) throws IOException {
    serve(List.of(), List.of(), List.of());
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      String text = head.replace("~", "\r\n") + "\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));

      byte[] answer = socket.getInputStream().readAllBytes(); // to its end
      assertThat(new String(answer, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT))
          .contains("connection: close", "\"error\":");
    }
  }

  /** The first 4 KB of what answers this head; lines are separated by {@code ~}. */
  private String ask(String head) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      String text = head.replace("~", "\r\n") + "\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      byte[] answer = new byte[4096];
      int length = socket.getInputStream().read(answer);
      return length < 0 ? "" : new String(answer, 0, length, StandardCharsets.UTF_8);
    }
  }

  @Test
  @DisplayName("with Expect is answered though its client shuts its sending side behind the body")
  void expectsAndShuts() throws IOException {
    serve();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      String head =
          "POST /api/ingest HTTP/1.1~Host: localhost~Expect: 100-continue~Content-Length: 7~~"
              .replace("~", "\r\n");
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      byte[] goOn = socket.getInputStream().readNBytes(12);
      assertThat(new String(goOn, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 100");
      socket.getOutputStream().write("{\"n\":1}".getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer).contains("HTTP/1.1 200");
    }
  }

  @Test
  @DisplayName("is answered though its client has shut its sending side, and the end follows")
  void halfClosed() throws IOException {
    serve();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      String head = "GET /api/records HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput(); // which is heard before the disk has been read
      byte[] answer = socket.getInputStream().readAllBytes(); // to its end
      assertThat(new String(answer, StandardCharsets.UTF_8)).startsWith("HTTP/1.1 200");
    }
  }

  private static String status(String answer) {
    return answer.isEmpty() ? "none" : answer.split(" ", 3)[1];
  }

  @ParameterizedTest(name = "is answered in JSON: {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /%zz HTTP/1.1~Host: localhost | 400",
        "GET / HTTP/1.1 | 400",
        "GET / HTTP/1.1~Host: a b | 400",
        "GET / HTTP/1.1~Host: localhost~Host: localhost | 400",
        "GET * HTTP/1.1~Host: localhost | 400",
        "GET / HTTP/1.1~Host: localhost~Expect: foo | 417",
        "GET / HTTP/1.1~Host: localhost~bad header | 400",
        "GET /ws HTTP/1.1~Host: localhost~Upgrade: websocket~" + KEY + " | 400",
        "GET /ws HTTP/1.1~Upgrade: websocket~Connection: Upgrade~" + KEY + " | 400",
        "GET /ws HTTP/1.1~Host: localhost~Upgrade: websocket~Connection: Upgrade | 400",
        "GET /ws HTTP/1.1~Host: localhost~Upgrade: websocket~Connection: Upgrade"
            + "~Sec-WebSocket-Key: abc | 400",
        "GET /ws HTTP/1.1~Host: localhost~Upgrade: websocket~Connection: Upgrade~Content-Length: 1~"
            + KEY
            + " | 400",
        "GET /mqtt HTTP/1.1~Host: localhost~Upgrade: websocket~Connection: Upgrade"
            + "~Transfer-Encoding: chunked~"
            + KEY
            + " | 400",
      })
  void json(String head, String status) throws IOException {
    serve();
    String answer = ask(head);

    assertThat(status(answer)).as(answer).isEqualTo(status);
    assertThat(answer).contains("{\"error\":\"").contains("application/json");
    assertThat(registry.scrape())
        .containsPattern("connections_refused_total\\{reason=\"request\"} 1");
  }

  @Test
  @DisplayName("of HTTP/1.0 needs no Host: so the health checks of a load balancer ask")
  void withoutHost() throws IOException {
    serve();
    assertThat(status(ask("GET /healthz HTTP/1.0"))).isEqualTo("200");
    assertThat(status(ask("GET /api/records HTTP/1.0"))).isEqualTo("200");
  }

  @ParameterizedTest(name = "is told what its path takes: {0}")
  @CsvSource({
    "PUT /, 405",
    "PUT /health, 405",
    "DELETE /healthz, 405",
    "HEAD /health, 200",
    "HEAD /metrics, 200",
    "HEAD /ws/stats, 200",
    "HEAD /healthz, 200"
  })
  void method(String line, String status) throws IOException {
    serve();
    String answer = ask(line + " HTTP/1.1~Host: localhost~Content-Length: 0");

    assertThat(status(answer)).as(answer).isEqualTo(status);
    if (status.equals("405")) {
      assertThat(answer.toLowerCase(Locale.ROOT)).contains("allow: get, head").contains("error");
    }
  }

  @Test
  @DisplayName("has one line in the log, however often it comes, and no stack trace")
  void log() throws IOException {
    serve();
    try (Heard ours = new Heard("io.spillway.server");
        Heard theirs = new Heard("io.vertx.ext.web")) {
      for (int i = 0; i < 20; i++) {
        ask("GET /%zz HTTP/1.1~Host: localhost");
        ask("GET / HTTP/1.1");
        ask("GET / HTTP/1.1~Host: localhost~bad header");
        ask("GET /metrics?token=%zz HTTP/1.1~Host: elsewhere.example");
        ask("GET /ws/stats?token=%zz HTTP/1.1~Host: localhost");
      }
      assertThat(ours.lines().stream().filter(line -> !line.startsWith("DEBUG")))
          .hasSize(1)
          .allMatch(line -> line.startsWith("WARN [server] 127.0.0.1: refused: the path"));
      assertThat(theirs.lines()).noneMatch(line -> line.matches("(ERROR|WARN).*"));
    }
  }

  @ParameterizedTest(name = "may not read, write or watch without a token as {0}")
  @ValueSource(strings = {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example"})
  void rebound(String name) throws IOException {
    serve();
    String from = " HTTP/1.1~Host: " + name + ":3006~Origin: http://" + name + ":3006";

    assertThat(status(ask("GET /api/records" + from))).isEqualTo("401");
    assertThat(status(ask("GET /api/records" + from + "~X-Forwarded-For: 192.0.2.1")))
        .as("a page can set this header")
        .isEqualTo("401");
    assertThat(status(ask("POST /api/ingest" + from + "~Content-Length: 0"))).isEqualTo("401");
    assertThat(status(ask("GET /ws" + from + "~Sec-WebSocket-Version: 13~" + SOCKET)))
        .isEqualTo("401");
    assertThat(status(ask("GET /metrics" + from))).isEqualTo("401");
    assertThat(status(ask("GET /healthz" + from))).isEqualTo("200");
  }

  @ParameterizedTest(name = "is none of them as {0}")
  @ValueSource(strings = {"localhost", "127.0.0.1", "127.1.2.3:80", "[::1]:3006", "LOCALHOST:1"})
  void ownNames(String host) throws IOException {
    serve();
    String from = " HTTP/1.1~Host: " + host;

    assertThat(status(ask("GET /api/records" + from))).isEqualTo("200");
    assertThat(status(ask("GET /metrics" + from))).isEqualTo("200");
    assertThat(status(ask("GET /ws" + from + "~Sec-WebSocket-Version: 13~" + SOCKET)))
        .isEqualTo("101");
  }

  @Test
  @DisplayName(
      "is none of them by a name of an allowed origin, through a trusted proxy, or with a token")
  void chosen() throws Exception {
    serve(
        List.of(
            new TokenConfig("page", new Secret("a-token"), TokenRole.LIVE),
            new TokenConfig("edge", new Secret("b-token"), TokenRole.INGEST)),
        List.of("https://known.example"),
        List.of(new Subnet(InetAddress.getLoopbackAddress(), 32)));

    assertThat(status(ask("GET /api/records HTTP/1.1~Host: known.example"))).isEqualTo("200");
    assertThat(
            status(ask("GET /api/records HTTP/1.1~Host: any.example~X-Forwarded-For: 192.0.2.1")))
        .isEqualTo("200");
    assertThat(status(ask("GET /api/records HTTP/1.1~Host: any.example"))).isEqualTo("401");
    assertThat(status(ask("GET /api/records?token=a-token HTTP/1.1~Host: any.example")))
        .isEqualTo("200");
    assertThat(
            status(
                ask(
                    "GET /ws?token=b-token HTTP/1.1~Host: x.trycloudflare.com"
                        + "~X-Forwarded-For: 192.0.2.1~Sec-WebSocket-Version: 13~"
                        + SOCKET)))
        .isEqualTo("101");
  }

  @ParameterizedTest(name = "is not of this machine where a proxy has added {0}")
  @ValueSource(
      strings = {
        "X-Forwarded-For",
        "Forwarded",
        "Via",
        "X-Real-IP",
        "CF-Connecting-IP",
        "X-Forwarded-Host",
        "X-Forwarded-Proto"
      })
  void forwarded(String header) throws IOException {
    serve(
        List.of(new TokenConfig("page", new Secret("a-token"), TokenRole.LIVE)),
        List.of(),
        List.of(),
        false);
    assertThat(status(ask("GET /metrics HTTP/1.1~Host: localhost"))).isEqualTo("200");
    assertThat(status(ask("GET /metrics HTTP/1.1~Host: localhost~" + header + ": x")))
        .isEqualTo("401");
  }

  @Test
  @DisplayName("presents two tokens: then none counts")
  void twoTokens() throws IOException {
    serve(
        List.of(new TokenConfig("page", new Secret("a-token"), TokenRole.LIVE)),
        List.of(),
        List.of());
    String host = " HTTP/1.1~Host: localhost";

    assertThat(status(ask("GET /api/records?token=a-token&token=b" + host))).isEqualTo("401");
    String twice = "~Authorization: Bearer a-token~Authorization: Bearer b";
    assertThat(status(ask("GET /api/records" + host + twice))).isEqualTo("401");
    assertThat(status(ask("GET /api/records" + host + "~Authorization: Bearer a-token")))
        .isEqualTo("200");
  }
}
