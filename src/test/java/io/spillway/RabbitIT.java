package io.spillway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.spillway.kit.Await;
import io.spillway.kit.EventPublisher;
import io.spillway.kit.Http;
import io.spillway.kit.NodeScript;
import io.spillway.kit.Proc;
import io.spillway.kit.Proof;
import io.spillway.kit.Rabbit;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.spillway.kit.TcpProxy;
import io.spillway.kit.TinyDisk;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real RabbitMQ, its real Java client, the real jar and wscat. */
@DisplayName("Events of RabbitMQ")
class RabbitIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String EXCHANGE = "tour_booking_events";
  private static final String KEY = "tour.availability.low";
  private static final String EVENT =
      "{\"type\":\"tour.availability.low\",\"data\":{\"tourId\":\"7c9e6679\","
          + "\"tourTitle\":\"Randonnée Montagne\",\"availableSeats\":3,\"maxGroupSize\":15,"
          + "\"threshold\":3},\"timestamp\":\"2025-01-09T10:00:00.000Z\"}";

  private static Site shared;
  private static Rabbit rabbit;
  private static String before;

  @RegisterExtension final Site site = new Site();
  private Connection connection;
  private Channel channel;
  private Spillway server;
  private String queue;

  @BeforeAll
  static void startRabbit() throws IOException {
    shared = Site.in(Site.PROJECT.resolve("target/it/RabbitIT"));
    rabbit = new Rabbit(shared).start();
  }

  @AfterAll
  static void endRabbit() {
    shared.close();
  }

  @BeforeEach
  void prepare(TestInfo test) throws Exception {
    queue = "queue-" + test.getTestMethod().orElseThrow().getName();
    if (!rabbit.proc().isAlive()) {
      rabbit.start();
    }
    connection = rabbit.connect("/");
    channel = connection.createChannel();
    if (before != null) {
      channel.queueDelete(before); // it would get the events of this test, too
    }
    before = queue;
    server =
        Spillway.server(site)
            .set("server.live.anonymous", true)
            .set("rabbitmq.url", rabbit.url())
            .set("rabbitmq.queue", queue)
            .set("rabbitmq.reconnectMs", 100)
            .set("rabbitmq.reconnectMaxMs", 1_000);
  }

  @AfterEach
  void disconnect() {
    connection.abort();
  }

  private void start() {
    server.start();
    awaitConsuming(0);
  }

  private void awaitConsuming(int fromLine) {
    server.proc().awaitLine(fromLine, "\\[rabbit\\] consuming " + queue, SOON);
  }

  private void publish(String body) throws IOException {
    publish(KEY, body.getBytes(UTF_8), new AMQP.BasicProperties.Builder().build());
  }

  private void publish(String key, byte[] body, AMQP.BasicProperties properties)
      throws IOException {
    channel.basicPublish(EXCHANGE, key, properties, body);
  }

  private static AMQP.BasicProperties.Builder named(String messageId) {
    return new AMQP.BasicProperties.Builder().messageId(messageId).deliveryMode(2);
  }

  private JsonObject role() throws Exception {
    JsonObject health = new JsonObject(Http.get(server.httpUrl() + "/health").body());
    for (Object role : health.getJsonArray("roles")) {
      if (((JsonObject) role).getString("role").equals("rabbit")) {
        return (JsonObject) role;
      }
    }
    throw new AssertionError("no rabbit in " + health);
  }

  /** Waits until RabbitMQ has nothing left, unacknowledged messages included. */
  private void awaitAllAcknowledged() {
    Await.until(
        "all is acknowledged",
        SOON,
        () -> role().getLong("waiting") == 0 && channel.messageCount(queue) == 0);
    server.kill9(); // what was not acknowledged is ready again now
    Await.until("the consumer is gone", SOON, () -> channel.consumerCount(queue) == 0);
    Await.until("nothing came back", SOON, () -> channel.messageCount(queue) == 0);
  }

  @Test
  @DisplayName("reach wscat as the documented server shows them, by type and with all")
  void reachesWscat() throws Exception {
    start();
    String url = server.wsUrl();
    Proc all = NodeScript.wscat(site, "-c", url, "-w", "60");
    Proc typed = NodeScript.wscat(site, "-c", url + "?topics=" + KEY, "-w", "60");
    Proc filtered = NodeScript.wscat(site, "-c", url + "?topics=%23", "-w", "60");
    for (Proc wscat : List.of(all, typed, filtered)) {
      wscat.awaitLine("\"type\":\"connection\"", SOON);
    }
    Await.until("three clients", SOON, () -> connectedClients() == 3);

    publish(EVENT);

    for (Proc wscat : List.of(all, typed)) {
      JsonObject shown = new JsonObject(wscat.awaitLine("Randonnée", SOON));
      JsonObject event = new JsonObject(EVENT);
      for (String member : event.fieldNames()) {
        assertThat(shown.getValue(member)).as(member).isEqualTo(event.getValue(member));
      }
      assertThat(shown.getString("_key")).isEqualTo(KEY);
      assertThat(shown.getLong("_offset")).isEqualTo(1);
    }
    assertThat(filtered.output()).as("an MQTT filter matches no routing key").doesNotContain(KEY);
  }

  private int connectedClients() throws Exception {
    return new JsonObject(Http.get(server.httpUrl() + "/health").body())
        .getInteger("connectedClients");
  }

  @Test
  @DisplayName("get type, timestamp and id from the message where the body has none")
  void completed() throws Exception {
    server.set("rabbitmq.keys", List.of("tour.#"));
    start();
    Date sent = Date.from(java.time.Instant.parse("2025-01-09T10:00:00Z"));
    publish("tour.full", "{\"n\":1}".getBytes(UTF_8), named("m-1").timestamp(sent).build());
    publish("tour.full", "[{\"n\":2},3]".getBytes(UTF_8), named("m-2").build());
    publish("tour.full", "{\"n\":4}".getBytes(UTF_8), new AMQP.BasicProperties());

    server.stored().await("the last", line -> line.startsWith("{\"n\":4,"));
    List<JsonObject> records = server.stored().records();
    assertThat(records)
        .allSatisfy(record -> assertThat(record.getString("type")).isEqualTo("tour.full"));
    assertThat(records.get(0).getString("timestamp")).isEqualTo("2025-01-09T10:00:00.000Z");
    assertThat(records)
        .extracting(record -> record.getString("_id"))
        .startsWith(
            "rabbit." + queue + ".m-1#0",
            "rabbit." + queue + ".m-2#0",
            "rabbit." + queue + ".m-2#1")
        .doesNotHaveDuplicates();
    assertThat(Spillway.verify(site, server.dataDir()).exitCode()).isZero();
  }

  @Test
  @DisplayName("that are no records are kept aside and acknowledged, and the next ones go on")
  void poison() throws Exception {
    server.set("rabbitmq.maxMessageBytes", 2_048);
    start();
    byte[] zipped = {31, (byte) 139, 8, 0, 1, 2, 3};
    publish("nonsense");
    publish(KEY, zipped, new AMQP.BasicProperties.Builder().contentEncoding("gzip").build());
    publish("{\"text\":\"" + "x".repeat(3_000) + "\"}");
    publish("[]");
    publish("{\"n\":1}");

    server.stored().await("what follows", line -> line.startsWith("{\"n\":1,"));
    List<JsonObject> rejected = server.stored().rejected();
    assertThat(rejected).hasSize(4);
    assertThat(rejected)
        .allSatisfy(line -> assertThat(line.getString("topic")).isEqualTo(EXCHANGE + "/" + KEY));
    assertThat(rejected.get(0).getString("reason")).isEqualTo("not a JSON object or array");
    assertThat(rejected.get(1).getString("reason")).startsWith("content-encoding gzip");
    assertThat(rejected.get(1).getString("payload"))
        .isEqualTo(Base64.getEncoder().encodeToString(zipped));
    assertThat(rejected.get(2).getString("reason")).contains("rabbitmq.maxMessageBytes");
    assertThat(rejected.get(3).getString("reason")).startsWith("an empty array");
    Await.until("they are counted", SOON, () -> role().getLong("rejected") == 4);
    assertThat(Http.get(server.httpUrl() + "/metrics").body())
        .contains("spillway_rabbit_rejected_total 4.0", "spillway_rabbit_acknowledged_total 5.0");
    awaitAllAcknowledged();
  }

  @Proof
  @Test
  @DisplayName("are each stored once when a producer sends one twice")
  void sentTwice() throws Exception {
    start();
    publish(KEY, "{\"n\":1}".getBytes(UTF_8), named("same").build());
    publish(KEY, "{\"n\":1}".getBytes(UTF_8), named("same").build());
    publish("{\"n\":2}");
    server.stored().await("the last", line -> line.startsWith("{\"n\":2,"));

    assertThat(server.stored().lines()).hasSize(2);
    Await.until("it is counted", SOON, () -> role().getLong("duplicates") == 1);

    server.crash();
    awaitConsuming(0);
    publish(KEY, "{\"n\":1}".getBytes(UTF_8), named("same").build());
    publish("{\"n\":3}");
    server.stored().await("the last", line -> line.startsWith("{\"n\":3,"));
    assertThat(server.stored().lines()).hasSize(3);
  }

  // --- kill -9

  private void assertEachOnce(EventPublisher events) {
    events.end();
    Set<Integer> confirmed = events.confirmed();
    Await.until(
        () -> "all confirmed events are stored, missing " + missing(confirmed),
        SOON,
        () -> missing(confirmed).isEmpty());
    List<String> ids =
        server.stored().records().stream().map(record -> record.getString("_id")).toList();
    assertThat(ids).as("each id once").doesNotHaveDuplicates();
    System.out.printf(
        "%s: %d sent, %d confirmed, %d stored, each once%n",
        queue, events.sent(), confirmed.size(), ids.size());
    assertThat(Spillway.verify(site, server.dataDir()).exitCode()).isZero();
    assertThat(server.stored().rejected()).isEmpty();
  }

  private Set<Integer> missing(Set<Integer> wanted) {
    Set<Integer> missing = new HashSet<>(wanted);
    server
        .stored()
        .records()
        .forEach(record -> missing.remove(record.getJsonObject("data").getInteger("n")));
    return missing;
  }

  /** Goes on publishing until so many more have been sent. */
  private static void meanwhile(EventPublisher events, int more) {
    int until = events.sent() + more;
    Await.until("load goes on", SOON, () -> events.sent() >= until);
  }

  @Test
  @DisplayName("survive kill -9 of the server, each confirmed id stored once")
  void killServer() {
    start();
    EventPublisher events = site.own(new EventPublisher(rabbit, EXCHANGE, KEY, 1_000));
    for (int kill = 0; kill < 5; kill++) {
      meanwhile(events, 500);
      server.kill9();
      meanwhile(events, 300);
      start();
    }
    meanwhile(events, 500);
    assertEachOnce(events);
  }

  @Test
  @Proof
  @DisplayName("survive kill -9 of RabbitMQ, each confirmed id stored once")
  void killRabbit() {
    start();
    EventPublisher events = site.own(new EventPublisher(rabbit, EXCHANGE, KEY, 1_000));
    for (int kill = 0; kill < 2; kill++) {
      meanwhile(events, 1_000);
      int from = server.proc().lineCount();
      rabbit.proc().kill9();
      server.proc().awaitLine(from, "\\[rabbit\\] (connection lost|connection refused)", SOON);
      rabbit.start();
      awaitConsuming(from);
      server.proc().awaitLine(from, "\\[rabbit\\] works again after", SOON);
    }
    meanwhile(events, 500);
    assertEachOnce(events);
  }

  @Test
  @Proof
  @DisplayName("survive kill -9 of both, each confirmed id stored once")
  void killBoth() {
    start();
    EventPublisher events = site.own(new EventPublisher(rabbit, EXCHANGE, KEY, 1_000));
    meanwhile(events, 1_000);
    rabbit.proc().kill9();
    server.kill9();
    server.start();
    server.proc().awaitLine("\\[rabbit\\] connection refused.*is RabbitMQ running", SOON);
    rabbit.start();
    awaitConsuming(0);
    meanwhile(events, 1_000);
    server.kill9();
    rabbit.proc().kill9();
    rabbit.start();
    start();
    meanwhile(events, 500);
    assertEachOnce(events);
  }

  @Test
  @DisplayName("are not stored twice when the acknowledgement was lost, the server killed or not")
  void lostAcknowledgements() throws Exception {
    AtomicBoolean held = new AtomicBoolean();
    CountDownLatch over = new CountDownLatch(1);
    TcpProxy proxy = site.own(new TcpProxy(rabbit.port(), () -> new HeldClient(held, over)));
    server.set("rabbitmq.url", "amqp://guest:guest@127.0.0.1:" + proxy.port());
    start();
    held.set(true);
    publishNamed(0, 300);
    Await.until("all are stored", SOON, () -> server.stored().lines().size() == 300);
    int from = server.proc().lineCount();
    proxy.cut();
    held.set(false);
    proxy.mend();
    awaitConsuming(from);
    Await.until("all came again", SOON, () -> role().getLong("duplicates") == 300);
    Await.until("all are acknowledged", SOON, () -> role().getLong("waiting") == 0);

    held.set(true);
    publishNamed(300, 600);
    Await.until("all are stored", SOON, () -> server.stored().lines().size() == 600);
    server.kill9();
    proxy.cut();
    held.set(false);
    proxy.mend();
    start();
    Await.until("all came again", SOON, () -> role().getLong("duplicates") == 300);
    assertThat(role().getLong("redelivered")).isEqualTo(300);
    assertThat(server.stored().lines()).hasSize(600);
    over.countDown();
    awaitAllAcknowledged();
  }

  private void publishNamed(int from, int to) throws IOException {
    for (int n = from; n < to; n++) {
      publish(KEY, ("{\"n\":" + n + "}").getBytes(UTF_8), named("n-" + n).build());
    }
  }

  /** Passes nothing on from client to broker while it is held; the other way all goes on. */
  private record HeldClient(AtomicBoolean held, CountDownLatch over) implements TcpProxy.Tap {
    @Override
    public void fromClient(byte[] bytes, int count) {
      if (held.get()) {
        try {
          assertThat(over.await(5, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public void fromServer(byte[] bytes, int count) {}
  }

  @Test
  @Proof
  @DisplayName("are neither lost nor stored twice by an orderly restart, ids or not")
  void orderlyRestart() throws Exception {
    start();
    for (int restart = 0; restart < 2; restart++) {
      for (int n = 0; n < 2_000; n++) {
        publish("{\"n\":" + (restart * 2_000 + n) + "}");
      }
      assertThat(server.terminate()).isEqualTo(143);
      start();
    }
    server.stored().await("the last", line -> line.startsWith("{\"n\":3999,"));
    assertThat(server.stored().records())
        .extracting(record -> record.getInteger("n"))
        .containsExactlyElementsOf(IntStream.range(0, 4_000).boxed().toList());
  }

  // --- the store

  @Test
  @Proof
  @DisplayName("wait at the broker while the disk is full, no more in hand than allowed")
  void diskFull() throws Exception {
    TinyDisk disk = site.tinyDisk("disk", 16);
    server.set("server.journal.dir", disk.dir().resolve("data").toString());
    server.set("server.stalledMs", 2_000).set("rabbitmq.prefetch", 20);
    start();
    EventPublisher events = site.own(new EventPublisher(rabbit, EXCHANGE, KEY, 500));
    meanwhile(events, 200);
    int from = server.proc().lineCount();
    disk.fill();
    server.proc().awaitLine(from, "\\[rabbit\\] store:.*(?i)(no space|full)", SOON);
    meanwhile(events, 1_000);
    Await.until("many wait", SOON, () -> channel.messageCount(queue) > 500);
    Await.until(
        "health says so", SOON, () -> Http.get(server.httpUrl() + "/health").status() == 503);
    assertThat(role().getLong("waiting")).isEqualTo(20);
    assertThat(role().getString("fault")).isNotBlank();

    disk.empty();
    server.proc().awaitLine(from, "\\[rabbit\\] store: works again", SOON);
    Await.until(
        "health is well", SOON, () -> Http.get(server.httpUrl() + "/health").status() == 200);
    meanwhile(events, 200);
    disk.fill();
    meanwhile(events, 200);
    server.kill9();
    disk.empty();
    start();
    assertEachOnce(events);
  }

  @Test
  @DisplayName("fill no more memory than allowed when they are large and the disk is full")
  void largeOnes() throws Exception {
    TinyDisk disk = site.tinyDisk("disk", 24);
    server.set("server.journal.dir", disk.dir().resolve("data").toString());
    start();
    disk.fill();
    String large = "{\"text\":\"" + "x".repeat(500_000) + "\"}";
    for (int i = 0; i < 60; i++) {
      publish(KEY, large.getBytes(UTF_8), named("large-" + i).build());
    }
    Await.until("it holds", SOON, () -> role().getLong("heldBytes") >= 8 << 20);
    assertThat(role().getLong("heldBytes")).isLessThan((8 << 20) + 1_000_000);
    assertThat(role().getLong("waiting")).isLessThan(20);
    server.kill9(); // a disk of 24 MB has no room for all of them
    channel.queuePurge(queue);
  }

  // --- the broker's refusals

  private void refused(String regex) {
    server.start();
    server.proc().awaitLine("\\[rabbit\\] .*" + regex, SOON);
  }

  @Test
  @DisplayName("begin to come once a wrong password is corrected in the file, without a restart")
  void wrongPassword() throws Exception {
    queue = "websocket_availability_queue"; // the user of deploy/rabbitmq may use no other
    String address = "@127.0.0.1:" + rabbit.port() + "/" + Rabbit.VHOST;
    server.set("rabbitmq.queue", queue);
    server.set("rabbitmq.url", "amqp://" + Rabbit.USER + ":hidden" + address);
    refused("bad credentials: wrong user name or password; check rabbitmq.url \\(RABBITMQ_URL\\)");
    Await.until(
        "health has it", SOON, () -> role().getString("fault", "").startsWith("bad credentials"));

    server.set("rabbitmq.url", "amqp://" + Rabbit.USER + ":pa%3Ass%40w%2Frd" + address).rewrite();
    awaitConsuming(0);
    try (Connection other = rabbit.connect(Rabbit.VHOST);
        Channel there = other.createChannel()) {
      there.basicPublish(EXCHANGE, KEY, null, EVENT.getBytes(UTF_8));
    }
    server.stored().await("the event", line -> line.contains("Randonnée"));
    assertThat(server.proc().output()).doesNotContain("hidden", "pa%3A", Rabbit.PASSWORD);
  }

  @Proof
  @Test
  @DisplayName("are not asked of a virtual host that is not there, or not allowed; the log says so")
  void missingVhost() throws Exception {
    server.set("rabbitmq.url", rabbit.url() + "/nowhere");
    refused("vhost nowhere not found; is the virtual host at the end of rabbitmq.url");

    server.set("rabbitmq.url", rabbit.url() + "/" + Rabbit.VHOST).rewrite();
    awaitConsuming(0);
    try (Connection other = rabbit.connect(Rabbit.VHOST);
        Channel there = other.createChannel()) {
      there.basicPublish(EXCHANGE, KEY, null, "{\"n\":1}".getBytes(UTF_8));
    }
    server.stored().await("the event", line -> line.startsWith("{\"n\":1,"));
  }

  @Test
  @DisplayName("are waited for when the queue is missing and only to be checked")
  void missingQueue() throws Exception {
    channel.exchangeDeclare(EXCHANGE, "topic", true);
    server.set("rabbitmq.declare", false);
    refused("no queue 'queue-missingQueue' in vhost '/'; make it at the broker, or set");

    channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum"));
    channel.queueBind(queue, EXCHANGE, "#");
    awaitConsuming(0);
    publish(EVENT);
    server.stored().await("the event", line -> line.contains("Randonnée"));

    int from = server.proc().lineCount();
    channel.queueDelete(queue);
    server.proc().awaitLine(from, "\\[rabbit\\] the broker gives no more of queue", SOON);
    server.proc().awaitLine(from, "\\[rabbit\\] no queue", SOON);
  }

  @Proof
  @Test
  @DisplayName("need a queue of the declared kind, and the log says how to use another")
  void otherKind() throws Exception {
    channel.queueDeclare(queue, false, false, false, null);
    refused("inequivalent arg 'durable'.*set rabbitmq.declare to false");

    server.kill9();
    server.set("rabbitmq.declare", false);
    start();
  }

  @Test
  @DisplayName("can be read by a user who may declare nothing, and the log says how")
  void readOnly() throws Exception {
    channel.exchangeDeclare(EXCHANGE, "topic", true);
    channel.queueDeclare(queue, true, false, false, null);
    channel.queueBind(queue, EXCHANGE, KEY);
    String url = "amqp://" + Rabbit.READER + ":pa%3Ass%40w%2Frd@127.0.0.1:" + rabbit.port();
    server.set("rabbitmq.url", url);
    refused("access to .* refused for user \\*{3}; .*rabbitmq.declare to false");

    server.kill9();
    server.set("rabbitmq.declare", false);
    start();
    publish(EVENT);
    server.stored().await("the event", line -> line.contains("Randonnée"));
  }

  @Proof
  @Test
  @DisplayName("are not asked of something that is no broker")
  void noBroker() {
    server.set("rabbitmq.url", "amqp://127.0.0.1:" + server.port());
    refused("(does not speak AMQP|does not answer|closed by the broker)");
  }

  // --- TLS

  @Test
  @DisplayName("come over TLS when the authority is named")
  void tls() throws Exception {
    server
        .set("rabbitmq.url", rabbit.tlsUrl("localhost"))
        .set("rabbitmq.caFile", rabbit.certificates().authority().toString());
    start();
    publish(EVENT);

    server.stored().await("the event", line -> line.contains("Randonnée"));
    awaitAllAcknowledged();
  }

  @Proof
  @Test
  @DisplayName(
      "are not taken over TLS from whom no known authority vouches for, and which key cures it,"
          + " though the last address of its name refuses")
  void unknownAuthority() throws IOException {
    Path hosts = site.dir().resolve("hosts");
    Files.writeString(hosts, "127.0.0.1 localhost\n::1 localhost\n");
    server.jvm("-Djdk.net.hosts.file=" + hosts).set("rabbitmq.url", rabbit.tlsUrl("localhost"));
    refused("TLS with localhost:\\d+: .*certif.*set rabbitmq.caFile");
    assertThat(server.proc().output()).doesNotContain("ERROR"); // of the library, at each attempt
  }

  @Test
  @DisplayName("are not taken over TLS from a host that the certificate is not for")
  void otherHost() {
    server
        .set("rabbitmq.url", rabbit.tlsUrl("127.0.0.2"))
        .set("rabbitmq.caFile", rabbit.certificates().authority().toString());
    refused("TLS with 127.0.0.2:\\d+: its certificate is for another name; .*rabbitmq.url");
  }

  @Test
  @DisplayName("are not asked for over TLS where the file of authorities has none")
  void noAuthority() throws Exception {
    server.set("rabbitmq.url", rabbit.tlsUrl("localhost")).set("rabbitmq.caFile", "conf.json");
    server.rewrite();
    Path dir = server.dataDir().getParent();

    Proc refused = Proc.run("refused", dir, Map.of(), Spillway.command("-conf", "conf.json"));

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.output()).contains("rabbitmq.caFile (conf.json): is conf.json, without");
  }

  @Proof
  @Test
  @DisplayName("are not asked of a TLS port without TLS, nor the other way round")
  void mixedUp() {
    server.set("rabbitmq.url", rabbit.tlsUrl("127.0.0.1").replace("amqps", "amqp"));
    refused("(amqps://|does not speak AMQP)");
    server.terminate();
    server.set("rabbitmq.url", rabbit.url().replace("amqp:", "amqps:"));
    refused("127.0.0.1:\\d+ does not speak TLS; check rabbitmq.url");
  }

  // --- figures

  @Test
  @DisplayName("do not wait while the JVM loads what they need, not even the first one")
  void warmedUp() throws Exception {
    Path loaded = site.dir().resolve("classes.txt");
    server.jvm("-Xlog:class+load:file=" + loaded);
    start();
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    WebSocket socket = watch(seen);
    int before = Files.readAllLines(loaded).size();

    publish(EVENT);

    while (!io.spillway.kit.Await.next(seen).contains("Randonnée")) {}
    List<String> late = Files.readAllLines(loaded);
    socket.abort();
    assertThat(late.subList(0, before))
        .anyMatch(line -> line.contains(" io.spillway.message.EventWriter$Writer "))
        .anyMatch(line -> line.contains(" io.netty.buffer.PoolChunk "));
    assertThat(late.subList(before, late.size()))
        .noneMatch(line -> line.matches(".* (io.netty.buffer|com.fasterxml|sun.util.locale)[.].*"));
  }

  private WebSocket watch(BlockingQueue<String> seen) throws Exception {
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(server.wsUrl() + "?topics=" + KEY), new Texts(seen))
            .get();
    assertThat(io.spillway.kit.Await.next(seen)).contains("\"connection\"");
    return socket;
  }

  /** Prints; how fast it is depends on the machine. */
  @Test
  @Proof
  @DisplayName("reach a browser soon")
  void latency() throws Exception {
    start();
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    WebSocket socket = watch(seen);
    int warmUp = 300;
    int measured = 300;
    List<Double> millis = new ArrayList<>();
    for (int n = 0; n < warmUp + measured; n++) {
      long start = System.nanoTime();
      publish(KEY, ("{\"data\":{\"n\":" + n + "}}").getBytes(UTF_8), named("l" + n).build());
      while (!io.spillway.kit.Await.next(seen).contains("{\"n\":" + n + "}")) {}
      if (n >= warmUp) {
        millis.add((System.nanoTime() - start) / 1e6);
      }
    }
    socket.abort();
    server.terminate();
    int backlog = 50_000;
    for (int n = 0; n < backlog; n++) {
      publish(KEY, EVENT.getBytes(UTF_8), named("b" + n).build());
    }
    Await.until("all wait", SOON, () -> channel.messageCount(queue) == backlog);
    start();
    long start = System.nanoTime();
    Await.until("all are stored", SOON, () -> role().getLong("records") == backlog);
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "A backlog of %,d events: about %,.0f/s%n", backlog, (double) backlog / seconds);
    double[] sorted = millis.stream().mapToDouble(each -> each).sorted().toArray();
    System.out.printf(
        "RabbitMQ publish → WebSocket, %d events one by one, ms: p50 %.1f, p99 %.1f, most %.1f%n",
        measured, sorted[measured / 2], sorted[measured * 99 / 100], sorted[measured - 1]);
    assertThat(sorted).hasSize(measured);
  }

  private static final class Texts implements WebSocket.Listener {
    private final BlockingQueue<String> seen;
    private final StringBuilder text = new StringBuilder();

    Texts(BlockingQueue<String> seen) {
      this.seen = seen;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        seen.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }
}
