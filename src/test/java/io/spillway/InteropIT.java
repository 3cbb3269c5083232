package io.spillway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.FreePort;
import io.spillway.kit.Http;
import io.spillway.kit.Ledger;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.MosquittoClients;
import io.spillway.kit.Ndjson;
import io.spillway.kit.Nginx;
import io.spillway.kit.NodeScript;
import io.spillway.kit.Proc;
import io.spillway.kit.Proof;
import io.spillway.kit.Publisher;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Spillway among the real programs")
class InteropIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String EDGE = "spillway-edge";

  @RegisterExtension final Site site = new Site();

  @ParameterizedTest(name = "takes what the documented listener sends, path \"{0}\"")
  @ValueSource(strings = {"", "/ws"})
  void takesFromTheirListener(String path) {
    Mosquitto broker = site.mosquitto();
    Spillway server = Spillway.server(site).start();
    String url = "ws://127.0.0.1:" + server.port() + path;
    Proc listener = NodeScript.listener(site, broker, "test/#", url, Spillway.TOKEN);
    listener.awaitLine("\\[WS\\] connected", SOON);

    Publisher publisher = site.publisher(broker, "test/a", "test/b");
    publisher.publish(150, 1000);
    publisher.awaitAcknowledged();
    server.stored().await("the last message", line -> line.contains(publisher.mark(149)));

    Ledger ledger = Ledger.of("listener", publisher, server.stored().records());
    assertThat(ledger.stored()).isEqualTo(150);
    assertThat(ledger.duplicate()).isEmpty();
    assertThat(ledger.disorder()).isEmpty();
  }

  @Test
  @DisplayName("sends to the documented server, and again what that had not confirmed when killed")
  void sendsToTheirServer() throws IOException {
    Mosquitto broker = site.mosquitto();
    int port = FreePort.next();
    Path out = site.dir().resolve("theirs");
    Proc server = NodeScript.server(site, port, out, Spillway.TOKEN);
    Spillway edge = Spillway.edge(site, broker.url(), "ws://127.0.0.1:" + port).start();
    broker.awaitSubscriber(EDGE);

    Publisher publisher = site.publisher(broker, "test/a", "test/b");
    publisher.begin(300);
    Await.until("some are there", SOON, () -> theirRecords(out).size() > 200);
    server.kill9();
    edge.proc().awaitLine("(?i)\\[uplink\\].*(closed|lost|refused)", SOON);
    NodeScript.server(site, port, out, Spillway.TOKEN);
    Await.until("it goes on", SOON, () -> theirRecords(out).size() > 800);
    publisher.end();
    publisher.awaitAcknowledged();
    String last = publisher.mark(publisher.sent() - 1);
    Await.until(
        "the last", SOON, () -> Files.readString(out.resolve("ingest.ndjson")).contains(last));

    Ledger ledger = Ledger.of("their server killed", publisher, theirRecords(out));
    assertThat(ledger.lost()).isEmpty();
    assertThat(ledger.disorder()).isEmpty();
    // At least once is all that a server without acknowledgements allows: one batch may be twice.
    assertThat(ledger.duplicate().size()).isLessThan(1000);
  }

  /** Their server writes each batch as one line, a JSON array. */
  private static List<JsonObject> theirRecords(Path out) throws IOException {
    List<JsonObject> records = new ArrayList<>();
    Path file = out.resolve("ingest.ndjson");
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        JsonArray batch = new JsonArray(line);
        for (int i = 0; i < batch.size(); i++) {
          records.add(batch.getJsonObject(i));
        }
      }
    }
    return records;
  }

  @Test
  @DisplayName(
      "takes objects, arrays and lines from wscat, and answers nonsense without hanging up")
  void takesFromWscat() {
    Spillway server = Spillway.server(site).start();
    String url = server.wsUrl() + "?token=" + Spillway.TOKEN;
    String[] inputs = {
      "-x", "{\"n\":1}", "-x", "[{\"n\":2},{\"n\":3}]", "-x", "{\"n\":4}\n{\"n\":5}\n",
      "-x", "{nonsense", "-x", "{\"n\":6}", "-w", "3"
    };
    List<String> arguments = new ArrayList<>(List.of("-c", url));
    arguments.addAll(List.of(inputs));
    Proc wscat = NodeScript.wscat(site, arguments.toArray(String[]::new));

    JsonObject error = new JsonObject(wscat.awaitLine("error", SOON));
    assertThat(error.getString("type")).isEqualTo("error");
    assertThat(error.getString("reason")).isNotBlank();
    server.stored().await("what came after the nonsense", line -> line.startsWith("{\"n\":6,"));
    assertThat(server.stored().sentLines())
        .containsExactly(
            "{\"n\":1}", "{\"n\":2}", "{\"n\":3}", "{\"n\":4}", "{\"n\":5}", "{\"n\":6}");
    assertThat(server.stored().rejected()).hasSize(1);
    assertThat(server.stored().rejected().get(0).getString("reason")).isNotBlank();
    assertThat(server.stored().rejected().get(0).getString("payload"))
        .isEqualTo(Base64.getEncoder().encodeToString("{nonsense".getBytes(UTF_8)));
    assertThat(wscat.awaitExit(SOON)).isZero();
  }

  @Proof
  @Test
  @DisplayName("carries what mosquitto_pub sends into the file within a second")
  void withinASecond() {
    Mosquitto broker = site.mosquitto();
    Spillway server = Spillway.server(site).start();
    Spillway.edge(site, broker, server).set("edge.batch.intervalMs", 500).start();
    broker.awaitSubscriber(EDGE);
    MosquittoClients.pub(site, broker, "test/warm", "{\"t\":0}");
    server.stored().await("the first", line -> line.contains("\"t\":0"));

    List<Long> tookMs = new ArrayList<>();
    for (int n = 1; n <= 5; n++) {
      String mark = "{\"t\":" + n + ",";
      long began = System.nanoTime();
      MosquittoClients.pub(site, broker, "test/a", "{\"t\":" + n + "}");
      server.stored().await("number " + n, line -> line.startsWith(mark));
      tookMs.add((System.nanoTime() - began) / 1_000_000);
    }

    assertThat(tookMs.stream().sorted().toList().get(2))
        .as("median of %s", tookMs)
        .isLessThan(1000);
    JsonObject record = server.stored().records().get(1);
    assertThat(record.fieldNames()).containsExactly("t", "_topic", "_ts_src", "_retained", "_id");
    assertThat(record.getString("_topic")).isEqualTo("test/a");
    assertThat(record.getString("_ts_src")).matches("\\d{4}-..-..T..:..:..\\.\\d{3}Z");
    assertThat(record.getString("_id")).matches("edge\\.[0-9a-f]{8}\\.2");
  }

  @ParameterizedTest(name = "works through nginx with the shipped vhost on {0}")
  @ValueSource(strings = {"127.0.0.1", "[::1]"})
  void throughNginx(String address) throws Exception {
    Mosquitto broker = site.mosquitto();
    Spillway server = Spillway.server(site).start();
    Nginx nginx = new Nginx(site, server.port()).start();
    String front = address + ":" + nginx.port();
    Spillway edge = Spillway.edge(site, broker.url(), "ws://" + front + "/ws").start();
    broker.awaitSubscriber(EDGE);

    Publisher publisher = site.publisher(broker, "test/a", "test/b");
    publisher.publish(500, 1000);
    publisher.awaitAcknowledged();
    server.stored().await("the last message", line -> line.contains(publisher.mark(499)));

    Ledger ledger = Ledger.of("nginx", publisher, server.stored().records());
    assertThat(ledger.stored()).isEqualTo(500);
    assertThat(ledger.sequenceFaults()).isEmpty();
    assertThat(edge.proc().output()).contains("acknowledged");
    Http.Answer healthz = Http.get("http://" + front + "/healthz");
    assertThat(healthz.status()).isEqualTo(200);
    assertThat(healthz.contentType()).contains("application/json");
    assertThat(new JsonObject(healthz.body()).getBoolean("ok")).isTrue();
    assertThat(new JsonObject(Http.get("http://" + front + "/health").body()).getString("status"))
        .isEqualTo("ok");
    assertThat(Http.upgrade("ws://" + front + "/ws/?token=" + Spillway.TOKEN)).isEqualTo(101);
    Await.until("it is logged", SOON, () -> Files.readString(nginx.accessLog()).contains("101"));
    assertThat(Files.readString(nginx.accessLog())).contains("/ws").doesNotContain(Spillway.TOKEN);
  }

  @Test
  @DisplayName("upgrades on /, /ws and /ws/ with the token in either place, else answers 401")
  void checksTheTokenBeforeTheUpgrade() throws Exception {
    Spillway server = Spillway.server(site).start();
    String base = "ws://127.0.0.1:" + server.port();

    for (String path : List.of("/", "/ws", "/ws/")) {
      String url = base + path;
      assertThat(Http.upgrade(url + "?token=" + Spillway.TOKEN)).as(path).isEqualTo(101);
      assertThat(Http.upgrade(url, "Authorization", "Bearer " + Spillway.TOKEN)).isEqualTo(101);
      assertThat(Http.upgrade(url)).as(path).isEqualTo(401);
      assertThat(Http.upgrade(url + "?token=wrong")).as(path).isEqualTo(401);
      assertThat(Http.upgrade(url, "Authorization", "Bearer wrong")).as(path).isEqualTo(401);
    }
    assertThat(Http.upgrade(base + "/elsewhere?token=" + Spillway.TOKEN)).isEqualTo(404);
    assertThat(new JsonObject(Http.get(server.httpUrl() + "/healthz").body()))
        .isEqualTo(new JsonObject().put("ok", true));
    assertThat(Http.get(server.httpUrl() + "/metrics").body()).contains("spillway_");
    assertThat(server.proc().output()).doesNotContain(Spillway.TOKEN);
  }

  @Test
  @DisplayName("tells retained messages from live ones")
  void retained() {
    Mosquitto broker = site.mosquitto();
    MosquittoClients.pub(site, broker, "test/state", "{\"kept\":1}", "-r");
    Spillway server = Spillway.server(site).start();
    Spillway.edge(site, broker, server).start();
    broker.awaitSubscriber(EDGE);
    MosquittoClients.pub(site, broker, "test/state", "{\"live\":1}", "-r");

    JsonObject live = server.stored().await("the live one", line -> line.contains("live"));
    JsonObject kept = server.stored().await("the retained one", line -> line.contains("kept"));
    assertThat(live.getBoolean("_retained")).isFalse();
    assertThat(kept.getBoolean("_retained")).isTrue();
    assertThat(server.stored().lines()).hasSize(2);
  }

  @Proof
  @Test
  @DisplayName("subscribes to several topics and to nothing else")
  void severalTopics() {
    Mosquitto broker = site.mosquitto();
    Spillway server = Spillway.server(site).start();
    Spillway.edge(site, broker, server)
        .set("edge.mqtt.topics", new JsonArray().add("one/#").add("two/+/x"))
        .start();
    broker.awaitSubscriber(EDGE);
    broker.proc().awaitLine("two/\\+/x", SOON);

    for (String topic : List.of("one", "one/a/b", "two/b", "two/b/x", "three", "two/c/x")) {
      MosquittoClients.pub(site, broker, topic, "{\"on\":\"" + topic + "\"}");
    }

    server.stored().await("the last", line -> line.contains("two/c/x"));
    assertThat(server.stored().records())
        .extracting(record -> record.getString("_topic"))
        .containsExactly("one", "one/a/b", "two/b/x", "two/c/x");
  }

  @Test
  @DisplayName("runs as an edge from the .env of the documented scripts alone")
  void dotEnv() throws IOException {
    Mosquitto broker = site.mosquitto();
    Spillway server = Spillway.server(site).start();
    Path dir = Files.createDirectories(site.dir().resolve("dotenv"));
    String theirs = "BROKER_URL=%s\nTOPIC=\"pws-packet/#\"\nWS_HOST=%s\nINGEST_TOKEN=%s\n";
    Files.writeString(
        dir.resolve(".env"), theirs.formatted(broker.url(), server.wsUrl(), Spillway.TOKEN));

    Proc edge = Spillway.launch(site, "dotenv", java.util.Map.of());
    edge.awaitLine("\\bstarted\\b", Duration.ofSeconds(60));
    broker.proc().awaitLine("pws-packet/#", SOON);
    MosquittoClients.pub(site, broker, "pws-packet/a", "{\"t\":1}");

    JsonObject record = server.stored().await("it", line -> line.contains("\"t\":1"));
    assertThat(record.getString("_topic")).isEqualTo("pws-packet/a");
    assertThat(edge.output()).doesNotContain(Spillway.TOKEN);
  }

  @Test
  @DisplayName("keeps an open journal readable for others while it writes")
  void readableWhileWritten() {
    Spillway server = Spillway.server(site).start();
    Proc wscat =
        NodeScript.wscat(
            site, "-c", server.wsUrl() + "?token=" + Spillway.TOKEN, "-x", "{\"n\":1}", "-w", "1");

    new Ndjson(server.dataDir()).await("the record", line -> line.startsWith("{\"n\":1,"));
    assertThat(wscat.awaitExit(SOON)).isZero();
    assertThat(Spillway.verify(site, server.dataDir()).exitCode()).isZero();
  }
}
