package io.spillway.server.live;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.failure;
import static io.spillway.kit.Await.next;
import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.spillway.bus.Channels;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.bus.StoreRequest;
import io.spillway.config.JournalConfig;
import io.spillway.config.LimitsConfig;
import io.spillway.config.LiveConfig;
import io.spillway.config.PagesConfig;
import io.spillway.config.RouteConfig;
import io.spillway.config.Secret;
import io.spillway.config.ServerConfig;
import io.spillway.config.TokenConfig;
import io.spillway.config.TokenRole;
import io.spillway.kit.FreePort;
import io.spillway.message.Lines;
import io.spillway.server.Server;
import io.spillway.store.Store;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A live WebSocket")
@ExtendWith(VertxExtension.class)
class LiveTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir Path dir;
  private Vertx vertx;
  private WebSocketClient webSockets;
  private final int port = FreePort.next();
  private boolean store = true;

  /** A client, and all that it gets. */
  private static final class Client {
    final WebSocket socket;
    final BlockingQueue<JsonObject> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
    final BlockingQueue<Buffer> pongs = new LinkedBlockingQueue<>();
    final BlockingQueue<Boolean> pings = new LinkedBlockingQueue<>();

    Client(WebSocket socket) {
      this.socket = socket;
      socket.textMessageHandler(text -> messages.add(new JsonObject(text)));
      socket.pongHandler(pongs::add);
      socket.frameHandler(
          frame -> {
            if (frame.type() == WebSocketFrameType.PING) {
              pings.add(true);
            }
          });
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

    /** The next message, which has to be of this type. */
    JsonObject get(String type) throws InterruptedException {
      JsonObject message = next(messages);
      assertThat(message.getString("type")).as(message.encode()).isEqualTo(type);
      return message;
    }

    Client greeted() throws InterruptedException {
      get("connection");
      return this;
    }

    JsonObject subscribe(long since, String... topics) throws InterruptedException {
      JsonObject command = new JsonObject().put("type", "subscribe").put("topics", List.of(topics));
      send((since > 0 ? command.put("since", since) : command).encode());
      return get("subscribed");
    }

    /** Nothing but the pong comes to a ping: no record is on its way. */
    void silent() throws InterruptedException {
      send("{\"type\":\"ping\"}").get("pong");
    }

    /** Offsets of the next records. */
    List<Long> offsets(int count) throws InterruptedException {
      List<Long> offsets = new ArrayList<>();
      while (offsets.size() < count) {
        JsonObject message = next(messages);
        assertThat(message.containsKey("_offset")).as(message.encode()).isTrue();
        offsets.add(message.getLong("_offset"));
      }
      return offsets;
    }
  }

  @BeforeEach
  void open(Vertx vertx) {
    this.vertx = vertx;
    webSockets =
        vertx.createWebSocketClient(
            new WebSocketClientOptions().setMaxMessageSize(1 << 20).setMaxConnections(100));
    Channels.register(vertx);
  }

  private void serve() {
    serve(MINUTE, 1 << 20, List.of(), 0);
  }

  private void serve(Duration ping, int queueBytes, List<RouteConfig> routes, long keepBytes) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    LiveConfig live =
        new LiveConfig(true, ping, Duration.ofMinutes(2), queueBytes, List.of(), routes, 4);
    TokenConfig token = new TokenConfig("edges", new Secret("ingest-token"), TokenRole.INGEST);
    serve(live, List.of(token), keepBytes, registry);
  }

  private void serve(
      LiveConfig live, List<TokenConfig> tokens, long keepBytes, PrometheusMeterRegistry registry) {
    int segmentBytes = keepBytes == 0 ? 64 << 20 : 65_536;
    JournalConfig journal =
        new JournalConfig(
            dir,
            "ingest.ndjson",
            Duration.ZERO,
            segmentBytes,
            Duration.ofMinutes(60),
            false,
            Duration.ZERO,
            keepBytes);
    if (store) {
      await(vertx.deployVerticle(new Store(journal, registry, TimeSource.SYSTEM)));
    }
    ServerConfig config =
        new ServerConfig(
            "127.0.0.1",
            port,
            tokens,
            journal,
            live,
            new LimitsConfig(100_000, 100, 100, 0),
            null,
            new PagesConfig(
                null,
                new PagesConfig.Vote("test/phone", null, List.of("A", "B"), true),
                new PagesConfig.Chat("chat")),
            List.of(),
            Duration.ofSeconds(30));
    await(vertx.deployVerticle(new Server(config, null, registry)));
  }

  /** One client at a time reads the journal, of which others say what is in it. */
  private void serveWithoutStore(Function<ReadRequest, Records> journal) {
    store = false;
    Channels.RECORDS_READ.answer(vertx, asked -> Future.succeededFuture(journal.apply(asked)));
    LiveConfig live =
        new LiveConfig(true, MINUTE, MINUTE.plus(MINUTE), 1 << 20, List.of(), List.of(), 1);
    serve(live, List.of(), 0, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }

  private void serveOpen() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    LiveConfig live =
        new LiveConfig(true, MINUTE, MINUTE.plus(MINUTE), 1 << 20, List.of(), List.of(), 4);
    serve(live, List.of(), 0, registry);
  }

  private Client connect(String uri) {
    return await(webSockets.connect(options(uri)).map(Client::new));
  }

  private WebSocketConnectOptions options(String uri) {
    return new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI(uri);
  }

  private void store(String... records) {
    await(Channels.BATCH_STORE.request(vertx, new StoreRequest.Plain(lines(records), List.of())));
  }

  private void store(int count, int padding) {
    String record = "{\"p\":\"" + "x".repeat(padding) + "\"}";
    store(java.util.Collections.nCopies(count, record).toArray(String[]::new));
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  // --- what goes wrong

  @Test
  @DisplayName("is closed with 1013 where history makes no sense, and the others get theirs")
  void nonsense() throws InterruptedException {
    AtomicBoolean nonsense = new AtomicBoolean(true);
    serveWithoutStore(
        asked -> {
          Lines some = asked.maxRecords() == 0 || asked.from() > 1 ? Lines.NONE : lines("{}", "{}");
          boolean broken = some.count() > 0 && nonsense.getAndSet(false);
          return new Records("j", some.count() > 0 ? 1 : 3, broken ? null : some, 1, 3);
        });
    Client first = connect("/ws").greeted();
    Client second = connect("/ws").greeted();
    first.send("{\"type\":\"subscribe\",\"topics\":[\"all\"],\"since\":1}");
    assertThat(next(first.closed)).isEqualTo(1013);
    second.subscribe(1, "all");
    assertThat(second.offsets(2)).containsExactly(1L, 2L);
  }

  // --- who gets what

  @Test
  @DisplayName("greets with an id of its own and the next offset, and is on all at first")
  void greeting() throws Exception {
    serve();
    store("{\"t\":1}");
    Client one = connect("/ws");
    Client other = connect("/");
    JsonObject greeting = one.get("connection");
    assertThat(greeting.getLong("offset")).isEqualTo(2);
    assertThat(other.get("connection").getString("clientId"))
        .isNotEqualTo(greeting.getString("clientId"));
    store("{\"t\":2}", "{\"type\":\"odd\"}");
    assertThat(one.get("measurement"))
        .isEqualTo(new JsonObject("{\"t\":2,\"type\":\"measurement\",\"_offset\":2}"));
    assertThat(one.get("odd").getLong("_offset")).isEqualTo(3);
    assertThat(other.offsets(2)).containsExactly(2L, 3L);
  }

  @Test
  @DisplayName("gets with its first subscription that instead of all, and more with each further")
  void subscriptions() throws Exception {
    serve();
    Client client = connect("/ws").greeted();
    JsonObject answer = client.subscribe(0, "alerts");
    assertThat(answer.getJsonArray("topics")).isEqualTo(new JsonArray().add("alerts"));
    assertThat(answer.getLong("offset")).isEqualTo(1);
    store("{\"t\":1}", "{\"type\":\"alert\"}");
    assertThat(client.offsets(1)).containsExactly(2L);
    client.silent();
    client.subscribe(0, "measurement");
    store("{\"t\":1}", "{\"type\":\"alerts\"}");
    assertThat(client.offsets(2)).containsExactly(3L, 4L);
    client.send("{\"type\":\"unsubscribe\",\"topics\":[\"measurements\"]}").get("unsubscribed");
    store("{\"t\":1}", "{\"type\":\"alert\"}");
    assertThat(client.offsets(1)).containsExactly(6L);
  }

  @Test
  @DisplayName("gets nothing after it has left all, until it subscribes")
  void leaveAll() throws Exception {
    serve();
    Client client = connect("/ws").greeted();
    client.send("{\"type\":\"unsubscribe\",\"topics\":[\"all\"]}").get("unsubscribed");
    store("{\"t\":1}");
    client.silent();
    client.subscribe(0, "all");
    store("{\"t\":1}");
    assertThat(client.offsets(1)).containsExactly(2L);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("finds a record by type, topic filter and route")
  @CsvSource({
    "tour.availability.low, 1",
    "pws-packet/+/temp, 2",
    "pws-packet/#, 2 3",
    "alerts, 4 5",
    "'alert,pws-packet/a/rain', 3 4 5",
    "measurements, 2 3",
    "all, 1 2 3 4 5",
    "tour.+, ''",
  })
  void finds(String topics, String expected) throws Exception {
    serve(MINUTE, 1 << 20, List.of(new RouteConfig("alarm/#", "alerts")), 0);
    if (topics.contains("tour.+")) {
      Throwable refused = failure(webSockets.connect(options("/ws?topics=tour.%2B")));
      assertThat(refused).isInstanceOf(UpgradeRejectedException.class);
      return;
    }
    String query = topics.replace("+", "%2B").replace("#", "%23");
    Client live = connect("/ws?topics=" + query).greeted();
    live.get("subscribed");
    store(
        "{\"type\":\"tour.availability.low\"}",
        "{\"_topic\":\"pws-packet/a/temp\"}",
        "{\"_topic\":\"pws-packet/a/rain\"}",
        "{\"_topic\":\"alarm/fire\"}",
        "{\"type\":\"alert\"}");
    Client late = connect("/ws?since=1&topics=" + query).greeted();
    late.get("subscribed");
    for (Client client : List.of(live, late)) {
      List<Long> offsets = List.of(expected.split(" ")).stream().map(Long::valueOf).toList();
      assertThat(client.offsets(offsets.size())).isEqualTo(offsets);
      client.silent();
    }
  }

  // --- commands

  @Test
  @DisplayName("answers what it does not understand, and stays open")
  void notUnderstood() throws Exception {
    serve();
    Client client = connect("/ws").greeted();
    for (String text : List.of("", "hello", "[1]", "null", "{\"type\":\"x\"}", "{\"t\":21}")) {
      assertThat(client.send(text).get("error").getString("reason")).isNotBlank();
    }
    client.send("{\"type\":\"subscribe\",\"topics\":[\"a/#/b\"]}").get("error");
    client.send("{\"type\":\"subscribe\",\"topics\":[\"a\"],\"since\":-1}").get("error");
    await(client.socket.writeBinaryMessage(Buffer.buffer("{\"type\":\"ping\"}")));
    assertThat(client.get("pong").getString("timestamp")).endsWith("Z");
    store("{\"t\":1}");
    assertThat(client.offsets(1)).containsExactly(1L);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("is refused for a wish that cannot be")
  @ValueSource(
      strings = {"since=-1", "since=x", "since=1e3", "topics=a/%23/b", "topics=", "topics=,,"})
  void badWish(String query) {
    serve();
    Throwable refused = failure(webSockets.connect(options("/ws?" + query)));
    assertThat(refused).isInstanceOf(UpgradeRejectedException.class);
    assertThat(((UpgradeRejectedException) refused).getStatus()).isEqualTo(400);
    assertThat(new JsonObject(((UpgradeRejectedException) refused).getBody()).getString("error"))
        .isNotBlank();
  }

  @Test
  @DisplayName("is not at any path")
  void wrongPath() {
    serve();
    Throwable refused = failure(webSockets.connect(options("/elsewhere")));
    assertThat(((UpgradeRejectedException) refused).getStatus()).isEqualTo(404);
  }

  @Test
  @DisplayName("pings, as JSON and as WebSocket, and answers pings with what they carry")
  void pings() throws Exception {
    serve(Duration.ofMillis(100), 1 << 20, List.of(), 0);
    Client client = connect("/ws").greeted();
    for (int i = 0; i < 3; i++) {
      assertThat(client.get("ping").getString("timestamp")).isNotBlank();
      next(client.pings);
    }
    await(client.socket.writePing(Buffer.buffer("are you there?")));
    assertThat(next(client.pongs)).isEqualTo(Buffer.buffer("are you there?"));
  }

  @Test
  @DisplayName("takes a command in fragments, and none over 64 KiB")
  void sizes() throws Exception {
    serve();
    Client client = connect("/ws").greeted();
    await(client.socket.writeFrame(WebSocketFrame.textFrame("{\"type\":", false)));
    await(client.socket.writePing(Buffer.buffer("between")));
    await(client.socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("\"pi"), false)));
    await(client.socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("ng\"}"), true)));
    client.get("pong");
    client.send("{\"type\":\"ping\",\"x\":\"" + "x".repeat(65_000) + "\"}").get("pong");
    client.send("x".repeat(65_537));
    assertThat(next(client.closed)).isEqualTo(1009);
    Client parts = connect("/ws").greeted();
    await(parts.socket.writeFrame(WebSocketFrame.textFrame("x".repeat(60_000), false)));
    await(
        parts.socket.writeFrame(
            WebSocketFrame.continuationFrame(Buffer.buffer("x".repeat(60_000)), true)));
    assertThat(next(parts.closed)).isEqualTo(1009);
  }

  @Test
  @DisplayName("closes as it is closed")
  void closeHandshake() throws Exception {
    serve();
    Client client = connect("/ws").greeted();
    await(client.socket.close((short) 4_321, "enough"));
    assertThat(next(client.closed)).isEqualTo(4_321);
  }

  // --- history

  @Test
  @DisplayName("replays from an offset, then goes on live, and says where live begins")
  void replay() throws Exception {
    serve();
    store(3_000, 10);
    Client client = connect("/ws?since=2000").greeted();
    assertThat(client.get("subscribed").getLong("offset")).isEqualTo(3_001);
    store(10, 10);
    assertThat(client.offsets(1_011)).isEqualTo(range(2_000, 3_010));
    client.silent();
  }

  @Test
  @DisplayName("does what it is told during a replay when that is done")
  void duringReplay() throws Exception {
    serve();
    store(5_000, 10);
    store("{\"type\":\"alert\"}");
    Client client = connect("/ws?topics=measurements&since=1").greeted();
    client.send("{\"type\":\"subscribe\",\"topics\":[\"alerts\"],\"since\":1}");
    client.send("{\"type\":\"unsubscribe\",\"topics\":[\"measurements\"]}");
    client.get("subscribed");
    assertThat(client.offsets(5_000)).isEqualTo(range(1, 5_000));
    client.get("subscribed");
    assertThat(client.offsets(1)).containsExactly(5_001L);
    client.get("unsubscribed");
    store("{\"t\":1}", "{\"type\":\"alert\"}");
    assertThat(client.offsets(1)).containsExactly(5_003L);
  }

  @Test
  @DisplayName("keeps no more than 32 commands for after a replay, and says so")
  void manyDuringReplay() throws Exception {
    serve();
    store(20_000, 10);
    Client client = connect("/ws?since=1").greeted();
    for (int i = 0; i < 50; i++) {
      client.socket.writeTextMessage("{\"type\":\"subscribe\",\"topics\":[\"a\"],\"since\":1}");
    }
    int answers = 0;
    int errors = 0;
    long offset = 0;
    while (answers + errors < 51) {
      JsonObject message = next(client.messages);
      if (message.containsKey("_offset")) {
        assertThat(message.getLong("_offset")).isEqualTo(++offset);
      } else {
        errors += message.getString("type").equals("error") ? 1 : 0;
        answers += message.getString("type").equals("subscribed") ? 1 : 0;
      }
    }
    assertThat(answers).isGreaterThanOrEqualTo(33);
  }

  @Test
  @DisplayName("gives of history what was asked for, and not again what it has given")
  void historyOfOneTopic() throws Exception {
    serve();
    store("{\"t\":1}", "{\"type\":\"alert\"}", "{\"t\":3}", "{\"type\":\"action\"}");
    Client client = connect("/ws?topics=measurements&since=3").greeted();
    client.get("subscribed");
    assertThat(client.offsets(1)).containsExactly(3L);
    client.subscribe(1, "alerts");
    assertThat(client.offsets(1)).containsExactly(2L);
    client.subscribe(1, "all");
    assertThat(client.offsets(2)).containsExactly(1L, 4L);
    client.silent();
    client.subscribe(1, "all", "measurements");
    client.silent();
    client.send("{\"type\":\"unsubscribe\",\"topics\":[\"all\"]}").get("unsubscribed");
    client.subscribe(2, "all");
    assertThat(client.offsets(1)).containsExactly(4L);
    client.silent();
  }

  @Test
  @DisplayName("tells of the gap where history does not reach back")
  void gap() throws Exception {
    serve(MINUTE, 1 << 20, List.of(), 10_000_000); // with small segments
    for (int i = 0; i < 60; i++) {
      store(10, 1_000);
    }
    for (String role : vertx.deploymentIDs()) {
      await(vertx.undeploy(role));
    }
    Files.delete(dir.resolve("ingest-00000000000000000001.ndjson"));
    serve();
    Client client = connect("/ws?since=1").greeted();
    JsonObject gap = client.get("subscribed").getJsonObject("gap");
    assertThat(gap.getLong("from")).isEqualTo(1);
    long oldest = gap.getLong("to");
    assertThat(oldest).isGreaterThan(10).isLessThan(600);
    assertThat(client.offsets((int) (601 - oldest))).isEqualTo(range(oldest, 600));
  }

  @Test
  @DisplayName("begins anew for an offset that is beyond the end")
  void reset() throws Exception {
    serve();
    store("{\"t\":1}");
    Client client = connect("/ws").greeted();
    JsonObject answer = client.subscribe(1_000, "all");
    assertThat(answer.getBoolean("reset")).isTrue();
    assertThat(answer.getLong("offset")).isEqualTo(2);
    assertThat(client.subscribe(3, "all").getBoolean("reset")).isTrue();
    assertThat(client.subscribe(2, "all").containsKey("reset")).isFalse();
    store("{\"t\":1}");
    assertThat(client.offsets(1)).containsExactly(2L);
  }

  // --- an open server

  @Test
  @DisplayName("of an open server may also send: what is no command is stored, and it gets no more")
  void openIngest() throws Exception {
    serveOpen();
    Client watcher = connect("/ws").greeted();
    Client guest = connect("/ws").greeted();
    guest.send("{\"t\":1}").send("[{\"t\":2},{\"t\":3}]").send("{\"t\":4}\n{\"t\":5}\n");
    assertThat(watcher.offsets(5)).isEqualTo(range(1, 5));
    guest.send("{\"type\":\"alert\",\"level\":2}");
    assertThat(watcher.get("alert").getInteger("level")).isEqualTo(2);
    assertThat(guest.send("{nonsense").get("error").getString("reason")).isNotBlank();
    guest.send("{\"type\":\"nonsense\"}").get("error");
    guest.silent();
    guest.subscribe(1, "alerts");
    assertThat(guest.offsets(1)).containsExactly(6L);
    guest.send("{\"t\":7}");
    assertThat(watcher.offsets(1)).containsExactly(7L);
    guest.silent();
  }

  @Test
  @DisplayName("of an open server tells at most of 100 bad lines of one message")
  void manyBadLines() throws Exception {
    serveOpen();
    Client guest = connect("/ws").greeted();
    guest.send("x\n".repeat(1_000));
    for (int i = 0; i < 100; i++) {
      guest.get("error");
    }
    assertThat(guest.get("error").getString("reason")).contains("900");
    guest.silent();
  }
}
