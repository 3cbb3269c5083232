package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Http;
import io.spillway.kit.Influx;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.PlainSender;
import io.spillway.kit.Proof;
import io.spillway.kit.Publisher;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The InfluxDB sink")
class InfluxIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String DATABASE = "weather";

  @RegisterExtension final Site site = new Site();
  private Influx database;
  private Spillway server;

  @BeforeEach
  void prepare() {
    database = new Influx(site);
    server =
        Spillway.server(site)
            .set("sinks.influx.url", database.url())
            .set("sinks.influx.database", DATABASE)
            .set("sinks.influx.timeoutMs", 5_000);
  }

  @Test
  @DisplayName(
      "makes one point of each record with its numbers, tags and time, whatever is in them")
  void points() {
    database.start().createDatabase(DATABASE);
    server.set("sinks.influx.tags", new JsonArray().add("_topic").add("where")).start();
    send(
        "{\"temp\":21,\"_topic\":\"a/b c,d=e\\\\\",\"where\":\"line\\nbreak\",\"timestamp\":1772600767089}",
        "{\"temp\":21.5,\"values\":{\"a b,=\":1},\"_ts_src\":\"2026-03-04T05:06:08.000Z\"}",
        "{\"nothing\":\"to draw\"}",
        "{\"last\":1,\"timestamp\":\"2026-03-04T05:06:09Z\"}");
    awaitPoints("last", 1);

    assertThat(
            database.query(
                DATABASE, "SELECT temp, \"values.a b,=\", topic, \"where\" FROM records"))
        .isEqualTo(
            new JsonArray()
                .add(
                    new JsonArray()
                        .add(1772600767089L)
                        .add(21)
                        .addNull()
                        .add("a/b c,d=e＼")
                        .add("line␊break"))
                .add(new JsonArray().add(1772600768000L).add(21.5).add(1).addNull().addNull()));
    assertThat(server.dataDir().resolve("sinks/influx/rejected.ndjson")).doesNotExist();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = "the database")
  @DisplayName("has every record once after kill -9 in mid-load of")
  void killed(String victim) throws Exception {
    database.start().createDatabase(DATABASE);
    Mosquitto broker = site.mosquitto();
    server.set("sinks.influx.batchRecords", 50).set("sinks.influx.lingerMs", 5);
    server.set("sinks.influx.keepApart", true).start();
    Spillway.edge(site, broker, server).start();
    broker.awaitSubscriber("spillway-edge");
    Publisher publisher = site.publisher(broker, "test/a", "test/b").begin(400);
    for (int round = 1; round <= 3; round++) {
      int some = round * 300;
      Await.until("points come", SOON, () -> points("n") > some);
      if (!victim.equals("the server")) {
        database.kill9();
      }
      if (!victim.equals("the database")) {
        server.kill9();
        server.start();
      }
      if (!victim.equals("the server")) {
        database.start();
      }
    }
    publisher.end();
    publisher.awaitAcknowledged();
    server.stored().await("the last", line -> line.contains(publisher.mark(publisher.sent() - 1)));

    int records = server.stored().lines().size();
    awaitPoints("n", records);
    List<Long> expected = new ArrayList<>();
    server.stored().records().forEach(record -> expected.add(record.getLong("n")));
    List<Long> found = new ArrayList<>();
    for (Object row : database.query(DATABASE, "SELECT n FROM records")) {
      found.add(((JsonArray) row).getLong(1));
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest(name = "{0}")
  @Proof
  @ValueSource(strings = {"the server", "both"})
  @DisplayName("has every record once after kill -9 in mid-load of")
  void killedToo(String victim) throws Exception {
    killed(victim);
  }

  @Test
  @DisplayName("keeps a record aside whose field is of another type, and goes on with the rest")
  void refused() throws IOException {
    server.set("sinks.influx.fields", new JsonArray().add("n").add("v")).start();
    List<String> lines = new ArrayList<>(numbered(0, 300));
    lines.set(123, "{\"v\":\"warm\",\"timestamp\":1772600000123}");
    send(lines.toArray(String[]::new));
    database.start().createDatabase(DATABASE);
    awaitPoints("v", 299);

    Await.until("it is counted", SOON, () -> health().contains("\"rejected\":1"));
    assertThat(Files.readAllLines(server.dataDir().resolve("sinks/influx/rejected.ndjson")))
        .singleElement()
        .asString()
        .contains("field type conflict", ".124\"");
  }

  @Test
  @DisplayName("keeps a record aside whose field, with a backslash at its end, is of another type")
  void unspeakable() throws IOException {
    database.start().createDatabase(DATABASE);
    server.set("sinks.influx.fields", JsonArray.of("n", "b\\")).start();
    send(
        "{\"n\":1,\"b\\\\\":1,\"timestamp\":1772600000001}",
        "{\"n\":2,\"b\\\\\":\"text\\u0001\",\"_topic\":\"t\\\\\",\"timestamp\":1772600000002}",
        "{\"n\":3,\"timestamp\":1772600000003}");
    awaitPoints("b＼", 1);
    Await.until("it is counted", SOON, () -> health().contains("\"rejected\":1"));
    awaitPoints("n", 2);

    assertThat(Files.readAllLines(server.dataDir().resolve("sinks/influx/rejected.ndjson")))
        .singleElement()
        .asString()
        .contains("field type conflict", "b＼");
  }

  @Test
  @DisplayName("takes whatever name a field has that a backslash or a control ends")
  void backslashes() {
    database.start().createDatabase(DATABASE);
    server.start();
    send(
        "{\"n\":20,\"a\\u0000\\\\\":1,\"timestamp\":1772600000001}",
        "{\"a\\u0001\\\\\":1,\"timestamp\":1772600000002}",
        "{\"a\\\\=b\":1,\"c\\\\,d\":1,\"e\\\\ f\":1,\"g\\\\\\\\\":1,\"timestamp\":1772600000003}",
        "{\"last\":1,\"timestamp\":1772600000004}");
    awaitPoints("last", 1);

    assertThat(server.dataDir().resolve("sinks/influx/rejected.ndjson")).doesNotExist();
    awaitPoints("a␀＼", 1);
    awaitPoints("a＼=b", 1);
  }

  @Test
  @DisplayName("sets nothing aside for who answers what is no HTTP, and says what cannot be read")
  void noHttp() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread answering = new Thread(() -> answer(other, "HTTP/1.1 400 Bad\r\nX: \0\r\n\r\n"));
      answering.start();
      server.set("sinks.influx.url", "http://127.0.0.1:" + other.getLocalPort()).start();
      send("{\"v\":1}", "{\"v\":2}");

      assertThat(server.proc().awaitLine("\\[influx].*refuses what waits", SOON))
          .contains("no HTTP", "sinks.influx.url")
          .doesNotContain("prohibited");
      assertThat(health()).contains("\"rejected\":0");
    }
  }

  /** Until it is closed. */
  private static void answer(ServerSocket other, String text) {
    byte[] answer = text.getBytes(StandardCharsets.US_ASCII);
    while (!other.isClosed()) {
      try (Socket peer = other.accept()) {
        if (peer.getInputStream().read(new byte[1_024]) > 0) {
          peer.getOutputStream().write(answer);
          peer.getInputStream().readAllBytes(); // until the other side has had enough
        }
      } catch (IOException gone) {
        assertThat(gone).isNotNull(); // the next one comes, or it is closed
      }
    }
  }

  @Test
  @DisplayName("sets nothing aside where each record that makes a point is of another type")
  void refusedAll() throws Exception {
    database.start().createDatabase(DATABASE);
    server.set("sinks.influx.fields", new JsonArray().add("v")).start();
    send("{\"v\":1}");
    awaitPoints("v", 1);
    send("{\"v\":\"warm\"}", "{\"n\":1}", "{\"n\":2}", "{\"v\":\"cold\"}", "{\"n\":3}");

    assertThat(server.proc().awaitLine("\\[influx].*refuses what waits", SOON))
        .contains("field type conflict");
    assertThat(health()).contains("\"rejected\":0");
  }

  @Test
  @DisplayName("says that the database is not there, and works when it is")
  void noDatabase() {
    database.start();
    server.start();
    send("{\"v\":1}");
    assertThat(server.proc().awaitLine("\\[influx].*not found", SOON))
        .contains("404", "sinks.influx.database");
    database.createDatabase(DATABASE);
    server.proc().awaitLine("\\[influx] works again", SOON);
    awaitPoints("v", 1);
  }

  @Test
  @DisplayName("says that no TLS is spoken at a port, and nothing of what is")
  void noTls() {
    server.set("sinks.influx.url", "https://127.0.0.1:" + server.port()).start();
    send("{\"v\":1}");

    assertThat(server.proc().awaitLine("\\[influx].*does not speak TLS", SOON))
        .endsWith("does not speak TLS; check sinks.influx.url");
  }

  private static List<String> numbered(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(n -> "{\"v\":%d,\"timestamp\":%d}".formatted(n, 1_772_600_000_000L + n))
        .toList();
  }

  private void send(String... lines) {
    PlainSender.send(server, lines);
  }

  private void awaitPoints(String field, int count) {
    Await.until(
        () -> count + " points with " + field + ", not " + points(field),
        SOON,
        () -> points(field) == count);
  }

  private int points(String field) {
    JsonArray rows = database.query(DATABASE, "SELECT count(\"" + field + "\") FROM records");
    return rows.isEmpty() ? 0 : rows.getJsonArray(0).getInteger(1);
  }

  private String health() throws IOException, InterruptedException {
    return Http.get(server.httpUrl() + "/health").body();
  }
}
