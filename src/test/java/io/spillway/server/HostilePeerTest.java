package io.spillway.server;

import static io.spillway.kit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.spillway.bus.Channels;
import io.spillway.config.BrokerUrl;
import io.spillway.config.Config;
import io.spillway.config.GatewayConfig;
import io.spillway.config.JournalConfig;
import io.spillway.config.LimitsConfig;
import io.spillway.config.LiveConfig;
import io.spillway.config.PagesConfig;
import io.spillway.config.Secret;
import io.spillway.config.ServerConfig;
import io.spillway.config.TokenConfig;
import io.spillway.config.TokenRole;
import io.spillway.kit.Await;
import io.spillway.kit.FreePort;
import io.spillway.kit.Heard;
import io.spillway.kit.Http;
import io.spillway.kit.Proof;
import io.spillway.kit.RawSocket;
import io.spillway.store.Store;
import io.spillway.time.TimeSource;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.net.NetServer;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A WebSocket whose peer does what it should not")
@ExtendWith(VertxExtension.class)
class HostilePeerTest {
  private static final String TOKEN = "ingest-token";
  private static final int FINAL = 0x80;
  private static final int TEXT = 0x81;
  private static final int BINARY = 0x82;
  private static final int CLOSE = 0x88;
  private static final int PING = 0x89;
  private static final int PONG = 0x8a;
  private static final int CLIENTS = 6;
  private static final int FRAMES = 2_000;
  private static final int RECORDS = 20;
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path dir;
  private final int port = FreePort.next();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private Duration ping = Duration.ofMinutes(1);
  private Duration idle = Duration.ofMinutes(1);
  private NetServer broker;
  private Server server;
  private final List<RawSocket> floods = new ArrayList<>();
  private final List<CompletableFuture<Void>> ends = new ArrayList<>();

  private void serve(Vertx vertx, boolean tokens) {
    Channels.register(vertx);
    broker = await(vertx.createNetServer().connectHandler(any -> {}).listen(0, "127.0.0.1"));
    ServerConfig config = config(tokens);
    await(vertx.deployVerticle(new Store(config.journal(), registry, TimeSource.SYSTEM)));
    server = new Server(config, null, registry);
    await(vertx.deployVerticle(server));
  }

  private ServerConfig config(boolean tokens) {
    Duration some = Duration.ofMinutes(1);
    JournalConfig journal =
        new JournalConfig(
            dir, "ingest.ndjson", Duration.ZERO, 64 << 20, some, false, Duration.ZERO, 0);
    GatewayConfig gateway =
        new GatewayConfig(
            new BrokerUrl("127.0.0.1", broker.actualPort(), false, null, null),
            null,
            true,
            null,
            List.of("#"),
            10,
            262_144,
            65_536,
            some,
            some,
            some,
            some);
    PagesConfig pages =
        new PagesConfig(
            null,
            new PagesConfig.Vote("test/phone", null, List.of("A", "B"), true),
            new PagesConfig.Chat("chat"));
    List<TokenConfig> ingest =
        List.of(new TokenConfig("sender", new Secret(TOKEN), TokenRole.INGEST));
    return new ServerConfig(
        "127.0.0.1",
        port,
        tokens ? ingest : List.of(),
        journal,
        new LiveConfig(true, ping, idle, 1 << 20, List.of(), List.of(), 16),
        new LimitsConfig(100_000, 50, 50, 0),
        gateway,
        pages,
        List.of(),
        some);
  }

  /** Sends them again and again, and takes what is answered. */
  private void flood(String path, String header, int first) throws IOException {
    RawSocket socket = new RawSocket(port, path, header);
    floods.add(socket);
    byte[] many = repeat(frame(first, ""));
    ends.add(
        start(
            () -> {
              while (true) {
                socket.send(many);
              }
            }));
    ends.add(start(socket::readOn));
  }

  private static byte[] repeat(byte[] frame) {
    byte[] many = new byte[frame.length * FRAMES];
    for (int at = 0; at < many.length; at += frame.length) {
      System.arraycopy(frame, 0, many, at, frame.length);
    }
    return many;
  }

  private interface Ends {
    void run() throws IOException;
  }

  /** Completes when the connection has ended. */
  private static CompletableFuture<Void> start(Ends work) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException closed) {
                // which is an end, too
              }
              ended.complete(null);
            });
    thread.setDaemon(true);
    thread.start();
    return ended;
  }

  @ParameterizedTest(name = "{0} {1} {3}")
  @CsvSource({
    "/ws, live, false, " + PING,
    "/ws, live, false, " + PONG,
    "/ws, live, false, " + TEXT,
    "/ws, ingest, true, " + PING,
    "/ws, ingest, true, " + PONG,
    "/ws, ingest, true, " + TEXT,
    "/mqtt, gateway, false, " + PING,
    "/mqtt, gateway, false, " + PONG
  })
  @DisplayName(
      "and five more of them, may flood with the smallest frames: records of others are stored")
  void others(String path, String kind, boolean tokens, int frame, Vertx vertx) throws Exception {
    serve(vertx, tokens);
    boolean mqtt = kind.equals("gateway");
    String header = mqtt ? "Sec-WebSocket-Protocol: mqtt" : "Accept: */*";
    for (int i = 0; i < CLIENTS; i++) {
      flood(tokens ? path + "?token=" + TOKEN : path, header, frame);
    }
    String url = "http://127.0.0.1:" + port + "/api/ingest" + (tokens ? "?token=" + TOKEN : "");
    CompletableFuture<Integer> stored = CompletableFuture.supplyAsync(() -> store(url));
    assertThat(stored.get(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(RECORDS);
    for (RawSocket flood : floods) {
      flood.close();
    }
    for (CompletableFuture<Void> end : ends) {
      end.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** How many records of theirs were stored. */
  private static int store(String url) {
    int stored = 0;
    try {
      for (int i = 0; i < RECORDS; i++) {
        stored += Http.post(url, "{\"n\":1}").status() == 200 ? 1 : 0;
      }
      return stored;
    } catch (IOException | InterruptedException error) {
      throw new IllegalStateException(error);
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({"/mqtt, mqtt", "/ws, spillway.v1", "/ws, other"})
  @DisplayName("is closed with 1002 for a message inside another that is not complete")
  void insideAnother(String path, String protocol, Vertx vertx) throws IOException {
    serve(vertx, true);
    int opcode = path.equals("/mqtt") ? BINARY : TEXT;
    byte[] beginning = frame(opcode & ~FINAL, "0");
    byte[] another = frame(opcode, "0");
    byte[] both = Arrays.copyOf(beginning, beginning.length + another.length);
    System.arraycopy(another, 0, both, beginning.length, another.length);
    assertThat(closeCode(path, protocol, both)).isEqualTo(1002);
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource({
    "/mqtt, mqtt, 0x40",
    "/mqtt, mqtt, 0x20",
    "/ws, spillway.v1, 0x40",
    "/ws, spillway.v1, 0x10",
    "/ws, other, 0x40"
  })
  @DisplayName("is closed with 1002 for a reserved bit, as no extension was negotiated")
  void reservedBit(String path, String protocol, String bit, Vertx vertx) throws IOException {
    serve(vertx, true);
    int opcode = path.equals("/mqtt") ? BINARY : TEXT;
    assertThat(closeCode(path, protocol, frame(opcode | Integer.decode(bit), "{}")))
        .isEqualTo(1002);
  }

  private int closeCode(String path, String protocol, byte[] frames) throws IOException {
    try (RawSocket socket = connect(path, protocol)) {
      socket.send(frames);
      return socket.closeCode();
    }
  }

  private RawSocket connect(String path, String protocol) throws IOException {
    String url = path.equals("/mqtt") ? path : path + "?token=" + TOKEN;
    return new RawSocket(port, url, "Sec-WebSocket-Protocol: " + protocol);
  }

  private static byte[] frame(int first, String payload) {
    byte[] bytes = payload.getBytes(StandardCharsets.US_ASCII);
    return RawSocket.frame(new Random(1), first, true, bytes.length, 0, bytes);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"/mqtt, mqtt", "/ws, spillway.v1"})
  @DisplayName("has gone as soon as the peer has answered the server's close")
  void answersClose(String path, String protocol, Vertx vertx) throws Exception {
    serve(vertx, true);
    try (RawSocket socket = connect(path, protocol)) {
      socket.send(frame(path.equals("/mqtt") ? TEXT : BINARY, "{}")); // neither speaks that
      socket.closeCode();
      socket.send(RawSocket.frame(new Random(1), CLOSE, true, 0, 0, new byte[0]));
      start(socket::readOn).get(8, TimeUnit.SECONDS); // Vert.x gives up after 10 s
    }
  }

  @Test
  @Proof
  @DisplayName("has gone soon after the server's close, though the peer reads nothing")
  void readsNothing(Vertx vertx) throws Exception {
    serve(vertx, true);
    try (Heard netty = new Heard("io.netty.util.concurrent.DefaultPromise");
        RawSocket socket = connect("/ws", "other")) {
      byte[] many = "no JSON\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
      byte[] message = RawSocket.text(new Random(1), many); // each line is answered
      CompletableFuture<Void> ended =
          start(
              () -> {
                while (true) {
                  socket.send(message);
                }
              });
      Await.until(
          "answers cannot be written any more",
          LONG,
          () -> registry.get("spillway.ingest.unsent").counter().count() > 0);
      server.reconfigure(new Config(null, config(false), null, null, null, null, null, null, null));
      ended.get(30, TimeUnit.SECONDS);
      await(vertx.timer(6_000));
      await(vertx.timer(6_000)); // Vert.x gives up 10 s behind its close frame
      assertThat(netty.lines()).isEmpty();
    }
  }

  @ParameterizedTest(name = "tokens: {0}")
  @ValueSource(booleans = {true, false})
  @DisplayName("is not read while it reads no answers to what is no record, and is when it does")
  void readsNoAnswers(boolean tokens, Vertx vertx) throws Exception {
    serve(vertx, tokens);
    try (RawSocket socket = new RawSocket(port, tokens ? "/ws?token=" + TOKEN : "/ws")) {
      byte[] many = repeat(frame(TEXT, "nonsense"));
      ends.add(
          start(
              () -> {
                while (true) {
                  socket.send(many);
                }
              }));
      Await.until(
          "answers cannot be written any more", LONG, () -> count("spillway.ingest.unsent") > 0);
      ends.add(start(socket::readOn));
      double before = count("spillway.ingest.messages");
      Await.until(
          "it is read again", LONG, () -> count("spillway.ingest.messages") > before + 20 * FRAMES);
    }
  }

  private double count(String counter) {
    return registry.get(counter).counter().count();
  }

  @Test
  @Proof
  @DisplayName("is closed if it sends nothing and answers no ping, in half a message, too")
  void neverAnswers(Vertx vertx) throws Exception {
    ping = Duration.ofMillis(200);
    idle = Duration.ofMillis(800);
    serve(vertx, true);
    List<RawSocket> silent = new ArrayList<>();
    for (String protocol : List.of("other", "spillway.v1", "other", "spillway.v1")) {
      silent.add(connect("/ws", protocol));
    }
    silent.get(2).send(frame(TEXT & ~FINAL, "{")); // half a message
    silent.get(3).send(Arrays.copyOf(frame(TEXT, "{}"), 5)); // half a frame
    for (RawSocket one : silent) {
      ends.add(start(one::readOn));
    }
    for (CompletableFuture<Void> end : ends) {
      end.get(30, TimeUnit.SECONDS); // which is cut off 10 s after our close frame
    }
    Await.until(
        "all places are free",
        LONG,
        () -> registry.get("spillway.ingest.connections").gauge().value() == 0);
  }

  @Test
  @DisplayName("is served as long as it answers pings, though it sends nothing")
  void answersPings(Vertx vertx) throws Exception {
    ping = Duration.ofMillis(200);
    idle = Duration.ofMillis(800);
    serve(vertx, true);
    WebSocket socket =
        await(vertx.createWebSocketClient().connect(port, "127.0.0.1", "/ws?token=" + TOKEN));
    CompletableFuture<Void> pinged = new CompletableFuture<>();
    AtomicInteger pings = new AtomicInteger();
    socket.frameHandler(
        frame -> {
          if (frame.isPing() && pings.incrementAndGet() == 10) {
            pinged.complete(null);
          }
        });
    pinged.get(LONG.toSeconds(), TimeUnit.SECONDS);
    assertThat(socket.isClosed()).isFalse();
  }
}
