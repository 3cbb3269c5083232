package io.spillway.server;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.failure;
import static io.spillway.kit.Await.next;
import static io.spillway.message.Texts.lines;
import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.RoleState;
import io.spillway.bus.Stored;
import io.spillway.config.Config;
import io.spillway.config.JournalConfig;
import io.spillway.config.LimitsConfig;
import io.spillway.config.LiveConfig;
import io.spillway.config.PagesConfig;
import io.spillway.config.Secret;
import io.spillway.config.ServerConfig;
import io.spillway.config.TokenConfig;
import io.spillway.config.TokenRole;
import io.spillway.kit.Heard;
import io.spillway.kit.Http;
import io.spillway.kit.RawSocket;
import io.spillway.store.Store;
import io.spillway.time.TimeSource;
import io.spillway.wire.Wire;
import io.spillway.wire.WireException;
import io.spillway.wire.WireMessage;
import io.spillway.wire.WireMessage.Ack;
import io.spillway.wire.WireMessage.BatchMessage;
import io.spillway.wire.WireMessage.Hello;
import io.spillway.wire.WireMessage.Reject;
import io.spillway.wire.WireMessage.Skip;
import io.spillway.wire.WireMessage.Welcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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

@DisplayName("The server")
@ExtendWith(VertxExtension.class)
class ServerTest {
  private static final String TOKEN = "ingest-token";
  private static final int LARGEST = 100_000;

  @TempDir Path dir;
  private Vertx vertx;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private WebSocketClient webSockets;
  private HttpClient http;
  private int port;
  private JournalConfig journal;
  private Server server;
  private String serverId;
  private String storeId;

  /** A WebSocket client of the server. */
  private static final class Client {
    final WebSocket socket;
    final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();

    Client(WebSocket socket) {
      this.socket = socket;
      socket.textMessageHandler(texts::add);
      socket.closeHandler(
          gone -> {
            Short code = socket.closeStatusCode();
            closed.add(code == null ? 1006 : code.intValue());
          });
      socket.resume();
    }

    WireMessage receive() throws InterruptedException {
      try {
        return Wire.decode(utf8(next(texts)));
      } catch (WireException e) {
        throw new AssertionError(e);
      }
    }

    Client send(WireMessage message) {
      return send(Wire.encode(message));
    }

    Client send(String text) {
      await(socket.writeTextMessage(text));
      return this;
    }

    int closeCode() throws InterruptedException {
      return next(closed);
    }
  }

  @BeforeEach
  void open(Vertx vertx) throws IOException {
    this.vertx = vertx;
    webSockets =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setMaxFrameSize(1 << 20)
                .setMaxMessageSize(1 << 20)
                .setMaxConnections(100));
    http = vertx.createHttpClient();
    Channels.register(vertx);
    port = freePort();
    journal =
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
    serverId = await(deployServer());
  }

  // --- acknowledged mode

  @Test
  @DisplayName("welcomes an edge and acknowledges what is in the journal")
  void acknowledges() throws Exception {
    Client edge = edge();
    edge.send(new Hello("pi", "e", 1));
    Welcome welcome = (Welcome) edge.receive();
    assertThat(welcome.next()).isEqualTo(1);
    assertThat(welcome.window()).isPositive();
    assertThat(welcome.maxBytes()).isEqualTo(LARGEST);
    edge.send(batch("pi", 1, 3));
    assertThat(edge.receive()).isEqualTo(new Ack(4));
    assertThat(journal()).isEqualTo(ids("pi", 1, 3));
  }

  @Test
  @DisplayName("acknowledges a whole window of batches, and every record is there once")
  void window() throws Exception {
    Client edge = welcomed("pi", 1);
    for (int i = 0; i < 20; i++) {
      edge.send(batch("pi", 1 + 10L * i, 10L + 10L * i));
    }
    long next = 1;
    while (next < 201) {
      long acknowledged = ((Ack) edge.receive()).next();
      assertThat(acknowledged).isGreaterThan(next);
      next = acknowledged;
    }
    assertThat(journal()).isEqualTo(ids("pi", 1, 200));
  }

  @Test
  @DisplayName("skips what it has, and acknowledges that too")
  void again() throws Exception {
    Client edge = welcomed("pi", 1);
    edge.send(batch("pi", 1, 5));
    assertThat(edge.receive()).isEqualTo(new Ack(6));
    edge.send(batch("pi", 1, 5));
    assertThat(edge.receive()).isEqualTo(new Ack(6));
    edge.send(batch("pi", 3, 8));
    assertThat(edge.receive()).isEqualTo(new Ack(9));
    assertThat(journal()).isEqualTo(ids("pi", 1, 8));
  }

  @Test
  @DisplayName("goes on where the edge was when it comes back, or where the edge now begins")
  void resumes() throws Exception {
    Client first = welcomed("pi", 1);
    first.send(batch("pi", 1, 5));
    first.receive();
    await(first.socket.close());
    Client second = edge().send(new Hello("pi", "e", 2));
    assertThat(((Welcome) second.receive()).next()).isEqualTo(6);
    await(second.socket.close());
    Client third = edge().send(new Hello("pi", "e", 50));
    assertThat(((Welcome) third.receive()).next()).isEqualTo(50);
  }

  @Test
  @DisplayName("closes with 4409 at a batch above what comes next, and stores nothing of it")
  void gap() throws Exception {
    Client edge = welcomed("pi", 1);
    edge.send(batch("pi", 3, 5));
    assertThat(edge.closeCode()).isEqualTo(4409);
    Client back = edge().send(new Hello("pi", "e", 1));
    assertThat(((Welcome) back.receive()).next()).isEqualTo(1);
    assertThat(journal()).isEmpty();
  }

  @Test
  @DisplayName("steps over what an edge has dropped, in its turn, and acknowledges that as a batch")
  void skips() throws Exception {
    Client edge = welcomed("pi", 1);
    edge.send(batch("pi", 1, 5)).send(new Skip(6, 34)).send(batch("pi", 40, 42));
    List<WireMessage> answers = List.of(edge.receive(), edge.receive(), edge.receive());
    assertThat(answers).containsExactly(new Ack(6), new Ack(40), new Ack(43));
    assertThat(journal()).hasSize(8).endsWith(id("pi", 42));
    edge.send(new Skip(30, 5)); // long known
    assertThat(edge.receive()).isEqualTo(new Ack(43));
    await(edge.socket.close());
    assertThat(((Welcome) edge().send(new Hello("pi", "e", 1)).receive()).next()).isEqualTo(43);
  }

  @Test
  @DisplayName("takes no skip above what comes next, before a welcome, or of who says to know none")
  void skipsNotThen() throws Exception {
    assertThat(welcomed("pi", 1).send(new Skip(3, 5)).closeCode()).isEqualTo(4409);
    assertThat(edge().send(new Skip(1, 5)).closeCode()).isEqualTo(1008);
    Client old = edge().send(new Hello("pi", "e", 1, null, 1, 1, false));
    assertThat(((Welcome) old.receive()).skips()).isFalse();
    assertThat(old.send(new Skip(1, 5)).closeCode()).isEqualTo(1008);
    assertThat(((Welcome) edge().send(new Hello("pi", "e", 1)).receive()).next()).isEqualTo(1);
  }

  @Test
  @DisplayName("closes the older of two connections of one edge with 4409")
  void newer() throws Exception {
    Client older = welcomed("pi", 1);
    Client newer = welcomed("pi", 1);
    assertThat(older.closeCode()).isEqualTo(4409);
    newer.send(batch("pi", 1, 2));
    assertThat(newer.receive()).isEqualTo(new Ack(3));
  }

  @Test
  @DisplayName("serves two epochs of one name, and two edges")
  void epochs() throws Exception {
    Client one = welcomed("pi", 1);
    Client two = edge().send(new Hello("pi", "f", 1));
    assertThat(two.receive()).isInstanceOf(Welcome.class);
    Client other = welcomed("other", 1);
    one.send(batch("pi", 1, 1));
    assertThat(one.receive()).isEqualTo(new Ack(2));
    other.send(batch("other", 1, 1));
    assertThat(other.receive()).isEqualTo(new Ack(2));
    two.send("{\"type\":\"batch\",\"first\":1,\"count\":1}\n{\"n\":1,\"_id\":\"pi.f.1\"}\n");
    assertThat(two.receive()).isEqualTo(new Ack(2));
    assertThat(health().getInteger("edges")).isEqualTo(3);
  }

  @Test
  @DisplayName("keeps a bad record aside, says so, and acknowledges the rest")
  void rejects() throws Exception {
    Client edge = welcomed("pi", 1);
    String batch = "{\"type\":\"batch\",\"first\":1,\"count\":3}\n";
    edge.send(batch + id("pi", 1) + "\n{\"n\":2}\n" + id("pi", 3) + "\n");
    Reject reject = (Reject) edge.receive();
    assertThat(reject.seq()).isEqualTo(2);
    assertThat(reject.reason()).contains("_id");
    assertThat(edge.receive()).isEqualTo(new Ack(4));
    assertThat(journal()).containsExactly(id("pi", 1), id("pi", 3));
    assertThat(rejected())
        .singleElement()
        .satisfies(one -> assertThat(payload(one)).isEqualTo(utf8("{\"n\":2}")));
  }

  @Test
  @DisplayName("closes with 1008 at what is not of the protocol, or not yet its turn")
  void policy() throws Exception {
    for (String text :
        List.of(
            "hello",
            "{\"a\":1}",
            Wire.encode(batch("pi", 1, 1)), // before hello
            Wire.encode(new Ack(7)),
            "{\"type\":\"hello\",\"edge\":\"a b\",\"epoch\":\"e\",\"first\":1,\"version\":1}",
            "{\"type\":\"hello\",\"edge\":\"pi\",\"epoch\":\"e\",\"first\":1,\"version\":2}")) {
      assertThat(edge().send(text).closeCode()).as(text).isEqualTo(1008);
    }
    assertThat(welcomed("pi", 1).send(new Hello("pi", "e", 1)).closeCode()).isEqualTo(1008);
    assertThat(journal()).isEmpty();
  }

  @Test
  @DisplayName("closes with 1013 while the store is away")
  void storeAway() throws Exception {
    Client edge = welcomed("pi", 1);
    await(vertx.undeploy(storeId));
    edge.send(batch("pi", 1, 1));
    assertThat(edge.closeCode()).isEqualTo(1013);
  }

  @Test
  @DisplayName("closes every connection with 1001 when it stops")
  void stops() throws Exception {
    Client edge = welcomed("pi", 1);
    Client plain = plain("/ws");
    Future<Void> stopped = vertx.undeploy(serverId);
    assertThat(edge.closeCode()).isEqualTo(1001);
    assertThat(plain.closeCode()).isEqualTo(1001);
    await(stopped);
  }

  // --- plain clients

  @Test
  @DisplayName("takes an object, an array and NDJSON from plain clients, on each documented path")
  void plainClients() throws Exception {
    plain("/").send("{\"a\":1}");
    eventually(1);
    plain("/ws").send("[{\"b\":1},2]");
    eventually(3);
    plain("/ws/").send("{\"c\":1}\n{\"c\":2}\n");
    eventually(5);
    String received = ",\"_ts_src\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\"}";
    assertThat(journal()).allMatch(line -> line.matches(".*" + received));
    assertThat(journal().stream().map(line -> line.replaceFirst(received, "}")))
        .containsExactly("{\"a\":1}", "{\"b\":1}", "{\"value\":2}", "{\"c\":1}", "{\"c\":2}");
  }

  @Test
  @DisplayName("answers invalid JSON with an error, keeps it, and stays open")
  void invalidJson() throws Exception {
    Client client = plain("/ws").send("oops");
    JsonObject answer = new JsonObject(next(client.texts));
    assertThat(answer.getString("type")).isEqualTo("error");
    assertThat(answer.getString("reason")).isNotBlank();
    assertThat(payload(rejected().get(0))).isEqualTo(utf8("oops"));
    client.send("{\"a\":1}");
    eventually(1);
  }

  @Test
  @DisplayName("rejects text that is not UTF-8 and keeps its very bytes")
  void notUtf8() throws Exception {
    Client client = plain("/ws");
    byte[] text = utf8("{\"a\":\"x\"}");
    text[6] = (byte) 0xff;
    await(client.socket.writeBinaryMessage(Buffer.buffer(text)));
    assertThat(next(client.texts)).contains("UTF-8");
    assertThat(payload(rejected().get(0))).isEqualTo(text);
    assertThat(journal()).isEmpty();
  }

  @Test
  @DisplayName("closes with 1009 at a message over its limit, in one frame or in several")
  void tooBig() throws Exception {
    String large = "{\"a\":\"" + "x".repeat(LARGEST) + "\"}";
    Client one = plain("/ws");
    await(one.socket.writeFinalTextFrame(large));
    assertThat(one.closeCode()).isEqualTo(1009);
    Client far = plain("/ws");
    await(far.socket.writeFinalTextFrame("{\"a\":\"" + "x".repeat(5 * LARGEST) + "\"}"));
    assertThat(far.closeCode()).isEqualTo(1009);
    Client several = plain("/ws").send(large); // Vert.x cuts it into frames
    assertThat(several.closeCode()).isEqualTo(1009);
    plain("/ws").send("{\"a\":\"" + "x".repeat(LARGEST - 8) + "\"}");
    eventually(1);
  }

  @ParameterizedTest
  @CsvSource({"0x83, true", "0x8b, true", "0x09, true", "0x80, true", "0x81, false"})
  @DisplayName("closes with 1002 at what is no frame: a reserved opcode, a ping in parts, no mask")
  void noFrame(int first, boolean masked) throws IOException {
    byte[] frame = RawSocket.frame(new Random(1), first, masked, 2, 0, utf8("{}"));
    try (RawSocket socket = new RawSocket(port, "/ws?token=" + TOKEN)) {
      socket.send(frame);
      assertThat(socket.closeCode()).isEqualTo(1002);
    }
  }

  // --- who may come in

  @Test
  @DisplayName("refuses a missing or wrong token before the upgrade, with 401 and JSON")
  void unauthorized() {
    for (String uri : List.of("/ws", "/ws?token=", "/ws?token=wrong", "/?token=x")) {
      UpgradeRejectedException refused = (UpgradeRejectedException) failure(connect(uri, null));
      assertThat(refused.getStatus()).as(uri).isEqualTo(401);
      assertThat(refused.getBody().toJsonObject().getString("error")).contains("token");
      assertThat(refused.getHeaders().get("WWW-Authenticate")).isEqualTo("Bearer");
    }
    assertThat(((UpgradeRejectedException) failure(connect("/ws", "wrong"))).getStatus())
        .isEqualTo(401);
    // A header is what counts if both are there.
    assertThat(
            ((UpgradeRejectedException) failure(connect("/ws?token=" + TOKEN, "wrong")))
                .getStatus())
        .isEqualTo(401);
  }

  @Test
  @DisplayName("takes the token as Bearer and as ?token=")
  void authorized() {
    assertThat(await(connect("/ws?token=" + TOKEN, null))).isNotNull();
    assertThat(await(connect("/ws", TOKEN))).isNotNull();
    assertThat(await(connect("/ws?token=second%20token%2B%26", null))).isNotNull();
  }

  @Test
  @DisplayName("says 404 at a path without a WebSocket")
  void wrongPath() {
    UpgradeRejectedException refused = (UpgradeRejectedException) failure(connect("/wss", TOKEN));
    assertThat(refused.getStatus()).isEqualTo(404);
    assertThat(refused.getBody().toJsonObject().getString("error")).contains("/ws");
  }

  @Test
  @DisplayName("says 503 when its connections are all taken, until one goes")
  void connectionsLimit() throws Exception {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      clients.add(plain("/ws"));
    }
    UpgradeRejectedException refused = (UpgradeRejectedException) failure(connect("/ws", TOKEN));
    assertThat(refused.getStatus()).isEqualTo(503);
    await(clients.get(0).socket.close());
    clients.get(0).closeCode();
    Future<WebSocket> again = connect("/ws", TOKEN);
    while (await(again.transform(settled -> Future.succeededFuture(settled.failed())))) {
      again = connect("/ws", TOKEN); // the server hears of the close a moment later
    }
    assertThat(again.succeeded()).isTrue();
  }

  // --- status

  @Test
  @DisplayName("answers /healthz, /health and everything unknown in JSON")
  void status() throws Exception {
    assertThat(get("/healthz", Map.of()).body()).isEqualTo("{\"ok\": true}");
    for (String path : List.of("/healthz", "/health", "/ws/stats", "/metrics", "/none")) {
      assertThat(get(path, Map.of()).typeOptions()).as(path).isEqualTo("nosniff");
    }
    welcomed("pi", 1);
    JsonObject health = health();
    assertThat(health.getString("status")).isEqualTo("ok");
    assertThat(health.getString("service")).isEqualTo("spillway");
    assertThat(health.getInteger("connectedClients")).isEqualTo(1);
    assertThat(health.getInteger("edges")).isEqualTo(1);
    assertThat(health.getString("timestamp")).endsWith("Z");
    Answer unknown = get("/nothing", Map.of());
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(new JsonObject(unknown.body()).getString("error")).isNotBlank();
  }

  @Test
  @DisplayName("says 503 with the reason on /health when a fault has lasted")
  void fault() throws Exception {
    Channels.ROLE_STATE.publish(
        vertx,
        new RoleState("uplink", "pi", new Fault(FaultKind.TIMEOUT, "no pong"), 0, 0, Map.of()));
    String url = "http://127.0.0.1:" + port + "/health";
    io.spillway.kit.Await.until("503", Duration.ofSeconds(20), () -> Http.get(url).status() == 503);
    JsonObject body = new JsonObject(Http.get(url).body());
    assertThat(body.getString("status")).isEqualTo("failing");
    assertThat(body.getJsonArray("faults")).containsExactly("uplink pi: no pong");
  }

  @Test
  @DisplayName("gives its metrics to this machine, and through a proxy only for a live token")
  void metrics() {
    Answer answer = get("/metrics", Map.of());
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .contains("spillway_store_records_total", "spillway_ingest_connections");
    Map<String, String> proxied = Map.of("X-Forwarded-For", "192.0.2.7");
    assertThat(get("/metrics", proxied).status()).isEqualTo(401);
    assertThat(get("/metrics?token=" + TOKEN, proxied).status()).isEqualTo(401);
    assertThat(get("/metrics?token=live-token", proxied).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("names the key when its port is taken")
  void portTaken() throws IOException {
    await(vertx.undeploy(serverId)); // one Vert.x would share the port
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
      Throwable refused = failure(deployServer());
      assertThat(refused)
          .hasMessageContaining("server.port")
          .hasMessageContaining("" + taken.getLocalPort());
    }
  }

  @Test
  @DisplayName("answers a failure of the store by its kind")
  void kinds() throws Exception {
    await(vertx.undeploy(storeId));
    BlockingQueue<BusFailure> kinds =
        new LinkedBlockingQueue<>(
            List.of(BusFailure.CANNOT_STORE, BusFailure.TOO_LARGE, BusFailure.GAP));
    Channels.BATCH_STORE.answer(
        vertx, request -> Future.failedFuture(kinds.remove().because("x".repeat(500))));
    assertThat(plain("/ws").send("{}").closeCode()).isEqualTo(1013);
    assertThat(plain("/ws").send("{}").closeCode()).isEqualTo(1009);
    assertThat(plain("/ws").send("{}").closeCode()).isEqualTo(4409);
  }

  @Test
  @DisplayName("takes no edge for connected that has gone before it was welcomed")
  void goneBeforeWelcome() throws Exception {
    await(vertx.undeploy(storeId));
    BlockingQueue<Promise<Stored>> asked = new LinkedBlockingQueue<>();
    Channels.BATCH_STORE.answer(
        vertx,
        request -> {
          Promise<Stored> answer = Promise.promise();
          asked.add(answer);
          return answer.future();
        });
    try (Heard heard = new Heard("io.spillway.server.ingest.EdgeSessions")) {
      Client edge = edge().send(new Hello("pi", "e", 1));
      Promise<Stored> late = next(asked);
      await(edge.socket.close());
      io.spillway.kit.Await.until(
          "it has gone",
          Duration.ofSeconds(20),
          () -> registry.get("spillway.ingest.connections").gauge().value() == 0);
      late.complete(new Stored(1, 1));
      Client other = edge().send(new Hello("attic", "e", 1));
      next(asked).complete(new Stored(1, 1));
      assertThat(other.receive()).isInstanceOf(Welcome.class);
      assertThat(heard.lines()).containsExactly("INFO [server] edge attic.e connected, from 1");
    }
  }

  @Test
  @DisplayName(
      "tells an edge whose token has another secret now that it is revoked, and no other reason")
  void revoked() throws Exception {
    Client edge = welcomed("pi", 1);
    ServerConfig fresh = config("another-secret");
    try (Heard heard = new Heard("io.spillway.server.ingest")) {
      server.reconfigure(new Config(null, fresh, null, null, null, null, null, null, null));

      assertThat(edge.closeCode()).isEqualTo(1008);
      assertThat(edge.socket.closeReason()).isEqualTo("token revoked");
      assertThat(heard.lines()).noneMatch(line -> line.contains("not let in"));
    }
  }

  // --- what the tests are made of

  private Future<String> deployServer() {
    server = new Server(config(), null, registry);
    return vertx.deployVerticle(server);
  }

  private ServerConfig config() {
    return config(TOKEN);
  }

  private ServerConfig config(String secret) {
    return new ServerConfig(
        "127.0.0.1",
        port,
        List.of(
            new TokenConfig("edges", new Secret(secret), TokenRole.INGEST),
            new TokenConfig("odd", new Secret("second token+&"), TokenRole.INGEST),
            new TokenConfig("page", new Secret("live-token"), TokenRole.LIVE)),
        journal,
        new LiveConfig(
            false,
            Duration.ofSeconds(30),
            Duration.ofSeconds(90),
            1 << 20,
            List.of(),
            List.of(),
            16),
        new LimitsConfig(LARGEST, 5, 5, 0),
        null,
        new PagesConfig(
            null,
            new PagesConfig.Vote("test/phone", null, List.of("A", "B"), true),
            new PagesConfig.Chat("chat")),
        List.of(),
        Duration.ofSeconds(1));
  }

  private Client edge() {
    WebSocketConnectOptions options =
        options("/ws", TOKEN).setSubProtocols(List.of("plain", Wire.SUBPROTOCOL));
    return client(options);
  }

  private Client welcomed(String name, long first) throws InterruptedException {
    Client edge = edge().send(new Hello(name, "e", first));
    assertThat(edge.receive()).isInstanceOf(Welcome.class);
    return edge;
  }

  private Client plain(String uri) {
    return client(options(uri, TOKEN));
  }

  private Client client(WebSocketConnectOptions options) {
    return await(webSockets.connect(options).map(Client::new));
  }

  private Future<WebSocket> connect(String uri, String bearer) {
    return webSockets.connect(options(uri, bearer));
  }

  private WebSocketConnectOptions options(String uri, String bearer) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI(uri);
    if (bearer != null) {
      options.putHeader("Authorization", "Bearer " + bearer);
    }
    return options;
  }

  private record Answer(int status, String body, String typeOptions) {}

  private Answer get(String uri, Map<String, String> headers) {
    RequestOptions options =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI(uri)
            .setMethod(HttpMethod.GET);
    headers.forEach(options::putHeader);
    return await(
        http.request(options)
            .compose( // all in here: an answer must not be there before somebody reads it
                request ->
                    request
                        .send()
                        .compose(
                            response ->
                                response
                                    .body()
                                    .map(
                                        body ->
                                            new Answer(
                                                response.statusCode(),
                                                body.toString(),
                                                response.getHeader("X-Content-Type-Options"))))));
  }

  private JsonObject health() {
    return new JsonObject(get("/health", Map.of()).body());
  }

  private void eventually(int records) throws IOException {
    while (journal().size() < records) {
      assertThat(get("/healthz", Map.of()).status()).isEqualTo(200); // a plain client has no ack
    }
  }

  private static BatchMessage batch(String edge, long first, long last) {
    return new BatchMessage(first, lines(ids(edge, first, last)));
  }

  private static List<String> ids(String edge, long first, long last) {
    return LongStream.rangeClosed(first, last).mapToObj(seq -> id(edge, seq)).toList();
  }

  private static String id(String edge, long seq) {
    return "{\"n\":" + seq + ",\"_id\":\"" + edge + ".e." + seq + "\"}";
  }

  private List<String> journal() throws IOException {
    return fileLines("ingest.ndjson");
  }

  private List<String> rejected() throws IOException {
    return fileLines("rejected.ndjson");
  }

  private List<String> fileLines(String name) throws IOException {
    Path file = dir.resolve(name);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static byte[] payload(String rejectedLine) {
    JsonObject rejected = new JsonObject(rejectedLine);
    assertThat(rejected.fieldNames()).containsAll(Set.of("topic", "time", "reason", "size"));
    return Base64.getDecoder().decode(rejected.getString("payload"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }
}
