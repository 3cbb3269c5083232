package io.spillway.server;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.next;
import static io.spillway.message.Texts.lines;
import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.spillway.KillImage;
import io.spillway.bus.Channels;
import io.spillway.config.JournalConfig;
import io.spillway.config.LimitsConfig;
import io.spillway.config.LiveConfig;
import io.spillway.config.PagesConfig;
import io.spillway.config.Secret;
import io.spillway.config.ServerConfig;
import io.spillway.config.TokenConfig;
import io.spillway.config.TokenRole;
import io.spillway.kit.FreePort;
import io.spillway.kit.WireFuzz;
import io.spillway.store.Store;
import io.spillway.time.TimeSource;
import io.spillway.wire.OldTexts;
import io.spillway.wire.Wire;
import io.spillway.wire.WireException;
import io.spillway.wire.WireMessage;
import io.spillway.wire.WireMessage.Ack;
import io.spillway.wire.WireMessage.BatchMessage;
import io.spillway.wire.WireMessage.Hello;
import io.spillway.wire.WireMessage.Welcome;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Whoever says to be an edge")
@ExtendWith(VertxExtension.class)
class HostileEdgeTest {
  private static final String TOKEN = "ingest-token";
  private static final String BOUND = "bound-token";
  private static final String KEY = "0123456789abcdef".repeat(2);
  private static final String OTHER_KEY = "f".repeat(32);

  @TempDir Path temp;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private Vertx vertx;
  private WebSocketClient webSockets;
  private Path dir;
  private int port;
  private String storeId;
  private String serverId;

  /** An edge's end of a connection. */
  private static final class Client {
    final WebSocket socket;
    final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();

    Client(WebSocket socket) {
      this.socket = socket;
      socket.textMessageHandler(texts::add);
      socket.exceptionHandler(broken -> {});
      socket.closeHandler(
          gone -> {
            Short code = socket.closeStatusCode();
            closed.add(code == null ? 1006 : code.intValue());
          });
      socket.resume();
    }

    Client send(String text) {
      await(socket.writeTextMessage(text));
      return this;
    }

    Client send(WireMessage message) {
      return send(Wire.encode(message));
    }

    WireMessage receive() throws InterruptedException {
      try {
        return Wire.decode(utf8(next(texts)));
      } catch (WireException e) {
        throw new AssertionError(e);
      }
    }

    Client welcomedAt(long expected) throws InterruptedException {
      assertThat(((Welcome) receive()).next()).isEqualTo(expected);
      return this;
    }

    int closeCode() throws InterruptedException {
      return next(closed);
    }
  }

  @BeforeEach
  void open(Vertx vertx) {
    this.vertx = vertx;
    webSockets = vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(100));
    Channels.register(vertx);
    dir = temp.resolve("data");
    port = FreePort.next();
    start();
  }

  @Test
  @DisplayName("moves no mark without the key of the epoch, and throws no real edge out")
  void otherKey() throws Exception {
    Client real = connect(TOKEN).send(hello(1, KEY)).welcomedAt(1);
    real.send(batch(1, 60));
    assertThat(real.receive()).isEqualTo(new Ack(61));
    for (String key : new String[] {OTHER_KEY, null}) {
      assertThat(connect(TOKEN).send(hello(61, key)).closeCode()).isEqualTo(4403);
      assertThat(connect(TOKEN).send(hello(1_000_000, key)).closeCode()).isEqualTo(4403);
    }
    real.send(batch(61, 80));
    assertThat(real.receive()).isEqualTo(new Ack(81));
    assertThat(journal()).isEqualTo(ids(1, 80));
  }

  @Test
  @DisplayName("needs the key after a crash, too, were it one right after the welcome")
  void keyAfterCrash() throws Exception {
    connect(TOKEN).send(hello(1, KEY)).welcomedAt(1);
    crash();
    assertThat(connect(TOKEN).send(hello(1, OTHER_KEY)).closeCode()).isEqualTo(4403);
    assertThat(connect(TOKEN).send(hello(500, null)).closeCode()).isEqualTo(4403);
    Client real = connect(TOKEN).send(hello(1, KEY)).welcomedAt(1);
    real.send(batch(1, 5));
    assertThat(real.receive()).isEqualTo(new Ack(6));
  }

  @Test
  @DisplayName("brings no key to an epoch that has records and none, as one of version 0.1 has")
  void keyless() throws Exception {
    Client old = connect(TOKEN).send(hello(1, null)).welcomedAt(1);
    old.send(batch(1, 5));
    assertThat(old.receive()).isEqualTo(new Ack(6));
    assertThat(connect(TOKEN).send(hello(1, KEY)).closeCode()).isEqualTo(4403);
    crash();
    assertThat(connect(TOKEN).send(hello(1, KEY)).closeCode()).isEqualTo(4403);
    connect(TOKEN).send(hello(1, null)).welcomedAt(6);
  }

  @Test
  @DisplayName("may get a key while nothing of the epoch was stored: a new version of an idle edge")
  void idleThenKeyed() throws Exception {
    connect(TOKEN).send(hello(1, null)).welcomedAt(1);
    connect(TOKEN).send(hello(1, KEY)).welcomedAt(1);
    assertThat(connect(TOKEN).send(hello(1, null)).closeCode()).isEqualTo(4403);
  }

  @Test
  @DisplayName("keeps its epoch when a server that knew no keys is replaced by one that does")
  void serverWasOlder() throws Exception {
    Client real = connect(TOKEN).send(hello(1, KEY)).welcomedAt(1);
    real.send(batch(1, 5));
    assertThat(real.receive()).isEqualTo(new Ack(6));
    stop();
    String marks = Files.readString(dir.resolve("marks.json")); // as version 0.1 writes it
    Files.writeString(dir.resolve("marks.json"), marks.replaceFirst(",\"keys\":\\{[^}]*}", ""));
    start();
    connect(TOKEN).send(hello(1, KEY)).welcomedAt(6);
    assertThat(connect(TOKEN).send(hello(1, OTHER_KEY)).closeCode()).isEqualTo(4403);
    assertThat(connect(TOKEN).send(hello(1, null)).closeCode()).isEqualTo(4403);
  }

  @Test
  @DisplayName("has an epoch without a key also after an orderly restart of the server")
  void keylessKept() throws Exception {
    Client old = connect(TOKEN).send(hello(1, null)).welcomedAt(1);
    old.send(batch(1, 5));
    assertThat(old.receive()).isEqualTo(new Ack(6));
    stop();
    start();
    assertThat(connect(TOKEN).send(hello(1, KEY)).closeCode()).isEqualTo(4403);
    connect(TOKEN).send(hello(1, null)).welcomedAt(6);
  }

  @Test
  @DisplayName("is taken for the edge if the server has lost its keys: then nobody can tell")
  void keysLost() throws Exception {
    Client real = connect(TOKEN).send(hello(1, KEY)).welcomedAt(1);
    real.send(batch(1, 5));
    assertThat(real.receive()).isEqualTo(new Ack(6));
    stop();
    Files.delete(dir.resolve("marks.json"));
    start();
    connect(TOKEN).send(hello(1, KEY)).welcomedAt(6);
    assertThat(connect(TOKEN).send(hello(1, OTHER_KEY)).closeCode()).isEqualTo(4403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9007199254740992", "9223372036854775807", "99999999999999999999"})
  @DisplayName("cannot make the numbers overflow")
  void hugeFirst(String first) throws Exception {
    String hello = Wire.encode(hello(77, KEY)).replace("77", first);
    assertThat(connect(TOKEN).send(hello).closeCode()).isEqualTo(1008);
    Client most = connect(TOKEN).send(hello((1L << 53) - 1, KEY)).welcomedAt((1L << 53) - 1);
    most.send(batch((1L << 53) - 1, (1L << 53) - 1));
    assertThat(next(most.texts)).contains("\"next\":" + (1L << 53));
    assertThat(connect(TOKEN).send(hello(1, null)).closeCode()).isEqualTo(4403);
  }

  @Test
  @DisplayName("tells truly what it does not hold any more, and it is counted")
  void jump() throws Exception {
    Client edge = connect(TOKEN).send(hello(1, KEY)).welcomedAt(1);
    edge.send(batch(1, 5));
    assertThat(edge.receive()).isEqualTo(new Ack(6));
    connect(TOKEN).send(hello(26, KEY)).welcomedAt(26);
    assertThat(registry.counter("spillway.store.passed.over").count()).isEqualTo(20);
    connect(TOKEN).send(new Hello("pi", "new-here", 1_000, KEY)).welcomedAt(1_000);
    assertThat(registry.counter("spillway.store.passed.over").count()).isEqualTo(20);
  }

  @Test
  @DisplayName("that says what was acknowledged to it hears from where on it is not there any more")
  void acknowledgedElsewhere() throws Exception {
    Client edge = connect(TOKEN).send(hello(1, KEY)).welcomedAt(1);
    edge.send(batch(1, 5));
    assertThat(edge.receive()).isEqualTo(new Ack(6));
    Client again = connect(TOKEN).send(new Hello("pi", "e", 26, KEY, 21));
    assertThat(next(again.texts)).contains("\"next\":26").contains("\"lostFrom\":6");
    assertThat(registry.counter("spillway.store.lost").count()).isEqualTo(15);
    Client third = connect(TOKEN).send(new Hello("pi", "e", 26, KEY, 26));
    assertThat(next(third.texts)).contains("\"next\":26").doesNotContain("lostFrom");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"pi, 4403", "site-7, 0", "site-, 0", "siteX, 4403", "roof, 0", "roof2, 4403"})
  @DisplayName("has a name that its token covers")
  void boundToken(String edge, int code) throws Exception {
    Client client = connect(BOUND).send(new Hello(edge, "e", 1, KEY));
    if (code == 0) {
      client.welcomedAt(1);
    } else {
      assertThat(client.closeCode()).isEqualTo(code);
    }
  }

  @Test
  @DisplayName("is not called as a part of the server that writes records")
  void reservedName() throws Exception {
    assertThat(connect(TOKEN).send(new Hello("iaq", "e", 1, KEY)).closeCode()).isEqualTo(4403);
  }

  @Test
  @DisplayName("as a plain client does not move the mark of an edge, also not after a crash")
  void claimedIds() throws Exception {
    Client real = connect(TOKEN).send(hello(1, KEY)).welcomedAt(1);
    real.send(batch(1, 5));
    assertThat(real.receive()).isEqualTo(new Ack(6));
    Client plain =
        await(webSockets.connect(options(TOKEN).setSubProtocols(List.of())).map(Client::new));
    plain.send(String.join("\n", ids(6, 20)) + "\noops");
    assertThat(next(plain.texts)).contains("error");
    crash();
    real = connect(TOKEN).send(hello(1, KEY)).welcomedAt(6);
    real.send(batch(6, 30));
    assertThat(real.receive()).isEqualTo(new Ack(31));
    assertThat(journal().stream().filter(line -> line.contains("\"_id\"")).toList())
        .isEqualTo(ids(1, 30));
    assertThat(journal().stream().filter(line -> line.contains("\"_claimed_id\":\"pi.e.")))
        .hasSize(15);
  }

  @Test
  @DisplayName("is served by what one of version 0.1 says, also after a crash")
  void oldEdge() throws Exception {
    List<String> said = OldTexts.ofEdge();
    Client old = connect(TOKEN).send(said.get(0)).welcomedAt(1);
    old.send(said.get(1));
    assertThat(old.receive()).isEqualTo(new Ack(2));
    crash();
    old = connect(TOKEN).send(said.get(0)).welcomedAt(2);
    old.send(said.get(2)).send(said.get(3));
    assertThat(old.receive()).isEqualTo(new Ack(4));
    assertThat(journal()).hasSize(3).allMatch(line -> line.contains("\"_id\":\"edge.de1e4f96."));
  }

  @Test
  @DisplayName("may say anything: the records of the real one are there once and in order")
  void fuzz() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    WireFuzz fuzz = new WireFuzz(seed, "pi", "e");
    long stored = 1;
    Client real = connect(TOKEN).send(hello(1, KEY)).welcomedAt(1);
    for (int round = 0; round < 60; round++) {
      Client stranger = connect(TOKEN);
      for (int i = 0; i < 10 && stranger.closed.isEmpty(); i++) {
        stranger.socket.writeTextMessage(fuzz.fromEdge()).otherwiseEmpty();
      }
      real.send(batch(stored, stored + 4));
      stored += 5;
      assertThat(real.receive()).as("seed %d", seed).isEqualTo(new Ack(stored));
      stranger.socket.close().otherwiseEmpty();
    }
    List<String> own = journal().stream().filter(line -> line.contains("\"_id\":\"pi.e.")).toList();
    assertThat(own).as("seed %d", seed).isEqualTo(ids(1, stored - 1));
  }

  // --- what the tests are made of

  private void start() {
    JournalConfig journal =
        new JournalConfig(
            dir,
            "ingest.ndjson",
            Duration.ZERO,
            64 << 20,
            Duration.ofMinutes(60),
            false,
            Duration.ZERO,
            0);
    storeId = await(vertx.deployVerticle(new Store(journal, registry, TimeSource.SYSTEM)));
    serverId = await(vertx.deployVerticle(new Server(config(journal), null, registry)));
  }

  private void stop() {
    await(vertx.undeploy(serverId));
    await(vertx.undeploy(storeId));
  }

  /** What is on disk now is what a kill leaves. */
  private void crash() throws IOException {
    Path copy = temp.resolve("copy");
    KillImage.copy(dir, copy);
    stop();
    dir = copy;
    start();
  }

  private ServerConfig config(JournalConfig journal) {
    return new ServerConfig(
        "127.0.0.1",
        port,
        List.of(
            new TokenConfig("edges", new Secret(TOKEN), TokenRole.INGEST),
            new TokenConfig(
                "sites", new Secret(BOUND), TokenRole.INGEST, List.of("site-*", "roof"))),
        journal,
        new LiveConfig(
            false,
            Duration.ofSeconds(30),
            Duration.ofSeconds(90),
            1 << 20,
            List.of(),
            List.of(),
            16),
        new LimitsConfig(100_000, 100, 100, 0),
        null,
        new PagesConfig(
            null,
            new PagesConfig.Vote("test/phone", null, List.of("A", "B"), true),
            new PagesConfig.Chat("chat")),
        List.of(),
        Duration.ofSeconds(1));
  }

  private Client connect(String token) {
    return await(webSockets.connect(options(token)).map(Client::new));
  }

  private WebSocketConnectOptions options(String token) {
    return new WebSocketConnectOptions()
        .setHost("127.0.0.1")
        .setPort(port)
        .setURI("/ws")
        .setSubProtocols(List.of(Wire.SUBPROTOCOL))
        .putHeader("Authorization", "Bearer " + token);
  }

  private static Hello hello(long first, String key) {
    return new Hello("pi", "e", first, key);
  }

  private static BatchMessage batch(long first, long last) {
    return new BatchMessage(first, lines(ids(first, last)));
  }

  private static List<String> ids(long first, long last) {
    return new ArrayList<>(
        LongStream.rangeClosed(first, last)
            .mapToObj(seq -> "{\"n\":" + seq + ",\"_id\":\"pi.e." + seq + "\"}")
            .toList());
  }

  private List<String> journal() throws IOException {
    return Files.readAllLines(dir.resolve("ingest.ndjson"));
  }
}
