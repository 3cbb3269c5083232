package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.FakeEdge;
import io.spillway.kit.Http;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.Postgres;
import io.spillway.kit.Proof;
import io.spillway.kit.Publisher;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.spillway.kit.TcpProxy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The picture of the whole way")
class PipelineIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @RegisterExtension final Site site = new Site();
  private Spillway server;

  @BeforeEach
  void prepare() {
    server = Spillway.server(site).set("server.live.anonymous", true);
  }

  @Test
  @DisplayName("shows an edge elsewhere: its stages, how much flows, and a ledger that balances")
  void edge() throws Exception {
    Mosquitto broker = site.mosquitto();
    server.start();
    Spillway.edge(site, broker, server).start();
    broker.awaitSubscriber("spillway-edge");
    Publisher publisher = site.publisher(broker, "test/a").begin(200);

    awaitEdge(
        "edge",
        one ->
            one.getString("state").equals("ok")
                && stage(one, "source").getDouble("inPerSecond") > 100
                && stage(one, "spool").getDouble("inPerSecond") > 100
                && stage(one, "uplink").getDouble("outPerSecond") > 100);
    publisher.end();
    publisher.awaitAcknowledged();
    int sent = publisher.sent();
    JsonObject edge =
        awaitEdge("edge", one -> one.getJsonObject("ledger").getInteger("stored") == sent);
    assertThat(edge.getBoolean("onBus")).isFalse();
    assertThat(edge.getBoolean("connected")).isTrue();
    assertThat(edge.getJsonObject("ledger"))
        .isEqualTo(
            new JsonObject(
                "{\"received\":%d,\"stored\":%d,\"rejected\":0,\"dropped\":0,\"waiting\":0,\"difference\":0}"
                    .formatted(sent, sent)));
    assertThat(edge.getInteger("storedNext")).isEqualTo(sent + 1);
    assertThat(stage(edge, "spool").getJsonObject("queue").getInteger("bytesMax")).isPositive();
    JsonObject picture = picture("");
    assertThat(picture.getString("state")).isEqualTo("ok");
    assertThat(names(picture.getJsonObject("server"))).containsExactly("ingest", "journal", "live");
    assertThat(Http.get(server.httpUrl() + "/metrics").body())
        .contains("spillway_pipeline_edges{state=\"ok\"} 1.0")
        .contains("spillway_ingest_status_total{outcome=\"taken\"}");
  }

  @Test
  @Proof
  @DisplayName("shows what has waited for the server, and when it will have arrived")
  void serverAway() throws Exception {
    Mosquitto broker = site.mosquitto();
    server.start();
    TcpProxy slow = site.own(new TcpProxy(server.port()));
    Spillway.edge(site, broker.url(), "ws://127.0.0.1:" + slow.port() + "/ws")
        .set("edge.batch.maxRecords", 5)
        .start();
    broker.awaitSubscriber("spillway-edge");
    awaitEdge("edge", one -> one.getString("state").equals("ok"));
    server.kill9();
    Publisher publisher = site.publisher(broker, "test/a");
    publisher.publish(8_000, 1_500);
    publisher.awaitAcknowledged();
    slow.delay(Duration.ofMillis(150));
    server.start();

    JsonObject picture = await(() -> withEta(picture("edge=edge")));
    JsonObject behind = picture.getJsonArray("edges").getJsonObject(0);
    assertThat(behind.getString("state")).isEqualTo("degraded");
    assertThat(stage(behind, "spool").getJsonObject("queue").getInteger("records")).isPositive();
    assertThat(picture.getJsonObject("totals").getInteger("etaSeconds")).isPositive();
    JsonObject fault = stage(behind, "uplink").getJsonObject("fault");
    assertThat(fault.getString("until")).as("mended, and told").isNotNull();
    assertThat(fault.getString("reason")).isNotBlank();
    slow.delay(Duration.ZERO);
    JsonObject done = awaitEdge("edge", one -> one.getString("state").equals("ok"));
    assertThat(done.getJsonObject("ledger").getInteger("difference")).isZero();
  }

  @Test
  @DisplayName("shows which link is broken, why, what to do, and later that it was")
  void brokerKilled() throws Exception {
    Mosquitto broker = site.mosquitto();
    server.start();
    Spillway.edge(site, broker, server).start();
    broker.awaitSubscriber("spillway-edge");
    awaitEdge("edge", one -> one.getString("state").equals("ok"));
    broker.proc().kill9();
    JsonObject broken = awaitEdge("edge", one -> one.encode().contains("\"kind\":\"refused\""));
    assertThat(broken.getString("state")).isEqualTo("failing");
    assertThat(stage(broken, "source").getString("state")).isEqualTo("failing");
    assertThat(stage(broken, "spool").getString("state")).isEqualTo("ok");
    assertThat(stage(broken, "uplink").getString("state")).isEqualTo("ok");
    JsonObject fault = stage(broken, "source").getJsonObject("fault");
    assertThat(fault.getString("cure")).contains("edge.mqtt.url");
    assertThat(fault.getValue("until")).isNull();
    broker.start();
    JsonObject mended = awaitEdge("edge", one -> one.getString("state").equals("ok"));
    assertThat(stage(mended, "source").getJsonObject("fault").getString("until")).isNotNull();
  }

  @Proof
  @Test
  @DisplayName("keeps an edge that is gone: red if it broke off, and stopped if it said goodbye")
  void edgeGone() throws Exception {
    Mosquitto broker = site.mosquitto();
    server.start();
    Spillway edge = Spillway.edge(site, broker, server).start();
    awaitEdge("edge", one -> stage(one, "source").containsKey("role"));
    edge.kill9();
    JsonObject gone = awaitEdge("edge", one -> !one.getBoolean("connected"));
    assertThat(gone.getString("state")).isEqualTo("failing");
    assertThat(stage(gone, "source").getString("state")).isEqualTo("silent");
    assertThat(stage(gone, "uplink").getJsonObject("fault").getString("kind"))
        .isEqualTo("not_connected");
    edge.start();
    awaitEdge("edge", one -> one.getString("state").equals("ok"));
    edge.terminate();
    JsonObject stopped = awaitEdge("edge", one -> one.getBoolean("stopped"));
    assertThat(stopped.getString("state")).isEqualTo("silent");
  }

  @Test
  @Proof
  @DisplayName("has a red sink while its database is away, and all else well")
  void databaseAway() throws Exception {
    Postgres database = new Postgres(site);
    Mosquitto broker = site.mosquitto();
    server
        .set("sinks.postgres.url", database.url())
        .set("sinks.postgres.password", Postgres.PASSWORD)
        .start();
    Spillway.edge(site, broker, server).start();
    awaitEdge("edge", one -> one.getString("state").equals("ok"));
    JsonObject sink = awaitStage("sink", one -> one.getString("state").equals("failing"));
    assertThat(sink.getString("role")).isEqualTo("postgres");
    assertThat(sink.getJsonObject("fault").getString("kind")).isEqualTo("refused");
    assertThat(sink.getJsonObject("fault").getString("cure")).contains("PostgreSQL");
    for (String stage : List.of("ingest", "journal", "live")) {
      assertThat(awaitStage(stage, one -> true).getString("state")).isEqualTo("ok");
    }
    database.startWithDatabase();
    awaitStage("sink", one -> one.getString("state").equals("ok"));
  }

  @Test
  @DisplayName(
      "shows the sick of a hundred edges first, the others in the totals, and those asked for")
  void manyEdges() throws Exception {
    server.set("server.limits.connectionsPerIp", 1_000).start();
    for (int n = 0; n < 100; n++) {
      boolean sick = n == 57 || n == 91;
      FakeEdge.of(site, server, "site-" + n)
          .tell(sick ? "connection refused by broker:1883; is it running?" : "", n == 91 ? 500 : 0);
    }
    Await.until("all have told", SOON, () -> states(picture("limit=200")).getInteger("ok") == 98);
    JsonObject picture = picture("limit=5");
    assertThat(picture.getJsonArray("edges")).hasSize(5);
    assertThat(picture.getInteger("matching")).isEqualTo(100);
    assertThat(edgeNames(picture)).startsWith("site-91", "site-57");
    assertThat(picture.getJsonObject("totals").getInteger("edges")).isEqualTo(100);
    assertThat(states(picture).getInteger("failing")).isEqualTo(2);
    assertThat(picture.getJsonObject("totals").getJsonObject("queue").getInteger("records"))
        .isEqualTo(500);
    assertThat(edgeNames(picture("edge=SITE-9&limit=3&skip=10"))).containsExactly("site-99");
    assertThat(Http.get(url("limit=0")).status()).isEqualTo(400);
    assertThat(Http.get(url("limit=201")).status()).isEqualTo(400);
    assertThat(Http.get(url("edge=" + "x".repeat(65))).status()).isEqualTo(400);
  }

  @Test
  @DisplayName("survives a status that is broken, too long, too often, or full of markup")
  void hostile() throws Exception {
    server.start();
    FakeEdge edge = FakeEdge.of(site, server, "odd");
    assertThat(edge.welcome().getInteger("status")).isEqualTo(2_000);
    edge.send("{\"type\":\"status\",");
    Await.until("it is counted", SOON, () -> statuses("bad") == 1);
    edge.send("{\"type\":\"status\",\"roles\":\"" + "x".repeat(500_000) + "\"}");
    edge.send("{\"type\":\"status\",\"roles\":" + "[".repeat(16_000));
    Await.until("they are counted", SOON, () -> statuses("bad") + statuses("early") == 3);
    edge.send("{\"type\":\"batch\",\"first\":1,\"count\":1}\n{\"a\":1,\"_id\":\"odd.e.1\"}\n");
    assertThat(edge.next()).isEqualTo("{\"type\":\"ack\",\"next\":2}");
    String markup = "<script>alert(1)</script>";
    Await.until(
        "it is taken",
        SOON,
        () -> {
          edge.tell(markup, 3);
          return statuses("taken") > 0;
        });
    JsonObject shown = awaitEdge("odd", one -> one.encode().contains("alert(1)"));
    assertThat(stage(shown, "source").getJsonObject("fault").getString("reason")).isEqualTo(markup);
    assertThat(statuses("early")).isPositive();
  }

  private long statuses(String outcome) throws Exception {
    String name = "spillway_ingest_status_total{outcome=\"" + outcome + "\"} ";
    String all = Http.get(server.httpUrl() + "/metrics").body();
    return all.lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length())))
        .sum();
  }

  @Test
  @DisplayName("is only for who may read")
  void tokens() throws Exception {
    server.set("server.live.anonymous", false).start();
    assertThat(Http.get(url("")).status()).isEqualTo(401);
    assertThat(Http.get(url("token=" + Spillway.TOKEN)).status()).isEqualTo(401);
  }

  // --- what the tests are made of

  private String url(String query) {
    return server.httpUrl() + "/api/pipeline?" + query;
  }

  private JsonObject picture(String query) throws Exception {
    Http.Answer answer = Http.get(url(query));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  private JsonObject awaitEdge(String name, Predicate<JsonObject> wanted) {
    return await(
        () -> {
          for (JsonObject edge : objects(picture("edge=" + name).getJsonArray("edges"))) {
            if (edge.getString("edge").equals(name) && wanted.test(edge)) {
              return edge;
            }
          }
          return null;
        });
  }

  /** The picture if its edge has a backlog that gets less, or null. */
  private static JsonObject withEta(JsonObject picture) {
    return objects(picture.getJsonArray("edges")).stream()
            .map(edge -> stage(edge, "spool").getValue("etaSeconds"))
            .anyMatch(eta -> eta instanceof Integer seconds && seconds > 0)
        ? picture
        : null;
  }

  private JsonObject awaitStage(String name, Predicate<JsonObject> wanted) {
    return await(
        () -> {
          JsonObject stage = stage(picture("").getJsonObject("server"), name);
          return wanted.test(stage) ? stage : null;
        });
  }

  private interface Look {
    JsonObject found() throws Exception;
  }

  private JsonObject await(Look look) {
    JsonObject[] found = new JsonObject[1];
    Await.until(
        () -> {
          try {
            return "not as wanted: " + picture("").encode();
          } catch (Exception error) {
            return error.toString();
          }
        },
        SOON,
        () -> {
          found[0] = look.found();
          return found[0] != null;
        });
    return found[0];
  }

  private static JsonObject stage(JsonObject owner, String name) {
    return objects(owner.getJsonArray("stages")).stream()
        .filter(stage -> stage.getString("stage").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> names(JsonObject owner) {
    return objects(owner.getJsonArray("stages")).stream().map(s -> s.getString("stage")).toList();
  }

  private static List<String> edgeNames(JsonObject picture) {
    return objects(picture.getJsonArray("edges")).stream().map(e -> e.getString("edge")).toList();
  }

  private static JsonObject states(JsonObject picture) {
    return picture.getJsonObject("totals").getJsonObject("states");
  }

  private static List<JsonObject> objects(JsonArray array) {
    List<JsonObject> all = new ArrayList<>();
    array.forEach(one -> all.add((JsonObject) one));
    return all;
  }
}
