package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.fixtures.Fixture;
import io.spillway.kit.Await;
import io.spillway.kit.FakeEdge;
import io.spillway.kit.Http;
import io.spillway.kit.Influx;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.MqttTap;
import io.spillway.kit.Ndjson;
import io.spillway.kit.Postgres;
import io.spillway.kit.Proc;
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
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The present jar on copies of what version 0.1 left behind when it was killed. */
@DisplayName("What version 0.1 left behind")
class FixturesIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @RegisterExtension final Site site = new Site();
  private Fixture fixture;
  private JsonObject expected;
  private Spillway server;

  @BeforeEach
  void copy() throws IOException {
    fixture = Fixture.of("0.1");
    expected = fixture.manifest().getJsonObject("server");
    server = Fixture.server(site);
    Fixture.copy(fixture.data(), server.dataDir());
  }

  @Test
  @DisplayName("is a journal with every record once and in order, which goes on behind the last")
  void journal() throws Exception {
    assertVerifies();
    server.start();

    List<JsonObject> read = readAll();
    List<String> before = fixture.stored();
    assertThat(read).hasSize(expected.getInteger("records"));
    for (int i = 0; i < read.size(); i++) {
      JsonObject record = new JsonObject(before.get(i));
      record.put("type", record.getString("type", "measurement")).put("_offset", i + 1);
      assertThat(read.get(i)).isEqualTo(record);
    }
    Http.Answer answer = post("{\"n\":-2}");
    long last = expected.getLong("records") + 1;
    assertThat(new JsonObject(answer.body()).getLong("offset")).isEqualTo(last + 1);
    assertStoredBefore();
    assertThat(new JsonObject(behindFixture().get(0)).getInteger("n")).isEqualTo(-2);
    assertSame("rejected.ndjson", fixture.data(), server.dataDir());
    assertThat(new JsonObject(Http.get(server.httpUrl() + "/health").body()).getString("status"))
        .isEqualTo("ok");
    server.terminate();
    assertVerifies();
  }

  @Test
  @DisplayName("are the marks of three edges, each of which is told where to go on")
  void marks() {
    server.start();

    for (String key : expected.getJsonObject("marks").fieldNames()) {
      assertThat(edge(key).welcome().getLong("next")).as(key).isEqualTo(mark(key));
    }
    String porch = key("porch");
    long next = mark(porch);
    FakeEdge edge = edge(porch);
    String id = "{\"n\":-2,\"_id\":\"" + porch + ".%d\"}\n";
    edge.send(
        "{\"type\":\"batch\",\"first\":%d,\"count\":2}\n".formatted(next - 1)
            + id.formatted(next - 1)
            + id.formatted(next));
    assertThat(new JsonObject(edge.next()).getLong("next")).isEqualTo(next + 1);
    assertSequence(porch, next);
    assertStoredBefore();
  }

  @Test
  @DisplayName("is what indoor air knew: it follows from each measurement once, and alerts end")
  void iaq() throws Exception {
    server.set("iaq.saveMs", 200).start();
    // The fixture ends with an alert at the loft that lasts, which the saved state does not know.
    String alert =
        derived(fixture.stored()).stream()
            .filter(id -> id.endsWith(".alert.co2.high"))
            .reduce((a, b) -> b)
            .orElseThrow();

    post(measured("loft", 600) + "\n" + measured("cave", 2600));
    server
        .stored()
        .await("the last", line -> line.contains("cave") && line.contains(".action.co2.high\""));

    List<String> lines = server.stored().lines();
    int loft = expected.getInteger("records") + 1;
    int cave = loft + 1;
    List<String> all = strings(expected.getJsonArray("derived"));
    all.add("iaq." + loft + ".alert.co2.high");
    all.add("iaq." + cave + ".module.new");
    all.add("iaq." + cave + ".alert.co2.high");
    all.add("iaq." + cave + ".action.co2.high");
    assertThat(derived(lines)).isEqualTo(all);
    JsonObject over = new JsonObject(lines.get(cave));
    assertThat(over.getString("state")).isEqualTo("over");
    assertThat(over.getString("alert_id")).isEqualTo(alert);
    assertStoredBefore();
  }

  @Test
  @DisplayName("are positions of two sinks, from which they go on, and what they had put aside")
  void sinks() throws Exception {
    Influx influx = new Influx(site).start().createDatabase(Fixture.INFLUX);
    Postgres postgres = new Postgres(site).startWithDatabase();
    postgres.restore(fixture.postgres());
    long from = expected.getLong("postgresNext");
    assertThat(postgres.number("SELECT max(journal_offset) FROM records")).isEqualTo(from - 1);
    Fixture.sinks(server, influx, postgres);
    server.start();

    long end = expected.getLong("records") + 1;
    Await.until(
        "the table has all", SOON, () -> postgres.number("SELECT next FROM records_sink") == end);
    long refused = putAside("postgres");
    assertThat(postgres.query("SELECT journal_offset FROM records ORDER BY 1"))
        .isEqualTo(
            LongStream.range(1, end)
                .filter(offset -> offset != refused)
                .mapToObj(Long::toString)
                .toList());
    // This InfluxDB is new, and so gets only what is at and behind the position.
    Path position = server.dataDir().resolve("sinks/influx/position.json");
    Await.until(
        "the points are there",
        SOON,
        () -> new JsonObject(Files.readString(position)).getLong("next") == end);
    List<Integer> numbers = new ArrayList<>();
    for (Object row : influx.query(Fixture.INFLUX, "SELECT n FROM records")) {
      numbers.add(((JsonArray) row).getInteger(1));
    }
    assertThat(numbers)
        .containsExactlyInAnyOrderElementsOf(numbersFrom(expected.getLong("influxNext")));
    assertThat(putAside("influx")).isLessThan(expected.getLong("influxNext"));
    assertSame("sinks/postgres/rejected.ndjson", fixture.data(), server.dataDir());
    assertSame("sinks/influx/rejected.ndjson", fixture.data(), server.dataDir());
  }

  @Test
  @DisplayName("is a spool whose backlog arrives once, also what the broker delivers again")
  void spool() throws Exception {
    JsonObject spool = fixture.manifest().getJsonObject("edge");
    Mosquitto broker = new Mosquitto(site, "mosquitto");
    Fixture.copy(fixture.broker(), broker.dir());
    broker.start();
    MqttTap tap = site.own(new MqttTap(broker));
    Spillway edge = Fixture.edge(site, Fixture.EDGE, tap.url(), server);
    Fixture.copy(fixture.spool(), edge.spoolDir());
    server.start();
    edge.start();
    broker.awaitSubscriber(Fixture.client(Fixture.EDGE));
    Publisher publisher = site.publisher(broker, Fixture.EDGE + "/a");
    publisher.publish(3, 1_000);
    server.stored().await("the last", line -> line.contains(publisher.mark(2)));

    List<String> delivered = strings(fixture.manifest().getJsonArray("inFlight"));
    delivered.addAll(IntStream.range(0, 3).mapToObj(publisher::id).toList());
    assertThat(tap.handedOver()).containsExactlyInAnyOrderElementsOf(delivered);
    Await.until("all are acknowledged", SOON, () -> tap.acknowledged().containsAll(delivered));
    String key = spool.getString("edge") + "." + spool.getString("epoch");
    assertThat(key).isEqualTo(key(Fixture.EDGE));
    assertSequence(key, spool.getLong("next") + 2);
    List<String> backlog = fixture.spooled();
    backlog = backlog.subList((int) (mark(key) - spool.getLong("first")), backlog.size());
    assertStoredBefore();
    assertThat(behindFixture())
        .startsWith(backlog.toArray(String[]::new))
        .hasSize(backlog.size() + 3);
    assertSame("rejected.ndjson", fixture.spool(), edge.spoolDir());
    server.terminate();
    assertVerifies();
  }

  // --- what was there

  private String key(String edge) {
    return expected.getJsonObject("marks").fieldNames().stream()
        .filter(key -> key.startsWith(edge + "."))
        .findFirst()
        .orElseThrow();
  }

  private long mark(String key) {
    return expected.getJsonObject("marks").getLong(key);
  }

  /** The offset of the one record that a sink has put aside. */
  private long putAside(String sink) {
    List<JsonObject> rejected = new Ndjson(fixture.data().resolve("sinks/" + sink)).rejected();
    assertThat(rejected).hasSize(1);
    String key = rejected.get(0).getString("topic");
    assertThat(key).startsWith(expected.getString("journal") + ".");
    return Long.parseLong(key.substring(key.indexOf('.') + 1));
  }

  private List<Integer> numbersFrom(long offset) {
    return fixture.stored().stream()
        .skip(offset - 1)
        .map(line -> new JsonObject(line).getInteger("n"))
        .filter(n -> n != null)
        .toList();
  }

  private static List<String> strings(JsonArray array) {
    List<String> strings = new ArrayList<>();
    array.forEach(each -> strings.add((String) each));
    return strings;
  }

  // --- what is done

  private FakeEdge edge(String key) {
    int dot = key.indexOf('.');
    return FakeEdge.of(site, server, key.substring(0, dot), key.substring(dot + 1));
  }

  private Http.Answer post(String lines) throws Exception {
    Http.Answer answer = Http.post(server.httpUrl() + "/api/ingest", Spillway.TOKEN, lines);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static String measured(String sensor, int co2) {
    return "{\"sensor_id\":\"%s\",\"timestamp\":\"2026-01-05T20:00:00Z\",\"co2\":%d}"
        .formatted(sensor, co2);
  }

  /** All records from offset 1 on, page by page. */
  private List<JsonObject> readAll() throws Exception {
    List<JsonObject> all = new ArrayList<>();
    long since = 1;
    while (true) {
      String query = "/api/records?limit=100&since=" + since + "&token=" + Fixture.LIVE;
      JsonObject page = new JsonObject(Http.get(server.httpUrl() + query).body());
      assertThat(page.getValue("gap")).isNull();
      JsonArray records = page.getJsonArray("records");
      if (records.isEmpty()) {
        return all;
      }
      records.forEach(record -> all.add((JsonObject) record));
      since = page.getLong("next");
    }
  }

  // --- what is there now

  private static List<String> derived(List<String> lines) {
    return lines.stream()
        .map(line -> new JsonObject(line).getString("_id", ""))
        .filter(id -> id.startsWith("iaq."))
        .toList();
  }

  private List<String> behindFixture() {
    List<String> lines = server.stored().lines();
    return lines.subList(expected.getInteger("records"), lines.size());
  }

  /** The journal begins with the same bytes as before. */
  private void assertStoredBefore() {
    List<String> before = server.stored().lines().subList(0, expected.getInteger("records"));
    assertThat(Fixture.sha256(before)).isEqualTo(expected.getString("sha256"));
  }

  /** Each number of an edge and epoch from 1 to {@code last} is stored once, in order. */
  private void assertSequence(String key, long last) {
    List<String> ids =
        server.stored().records().stream()
            .map(record -> record.getString("_id", ""))
            .filter(id -> id.startsWith(key + "."))
            .toList();
    assertThat(ids)
        .isEqualTo(LongStream.rangeClosed(1, last).mapToObj(seq -> key + "." + seq).toList());
  }

  private void assertVerifies() {
    Proc verify = Spillway.verify(site, server.dataDir());
    assertThat(verify.exitCode()).as(verify.output()).isZero();
  }

  private static void assertSame(String file, Path before, Path now) {
    assertThat(now.resolve(file)).hasSameBinaryContentAs(before.resolve(file));
  }
}
