package io.spillway;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.FakeEdge;
import io.spillway.kit.Http;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.PlainSender;
import io.spillway.kit.Postgres;
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
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The PostgreSQL sink")
class PostgresIT {
  private static final Duration SOON = Duration.ofSeconds(90);

  @RegisterExtension final Site site = new Site();
  private Postgres database;
  private Spillway server;

  @BeforeEach
  void prepare() {
    database = new Postgres(site);
    server =
        Spillway.server(site)
            .set("sinks.postgres.url", database.url())
            .set("sinks.postgres.password", Postgres.PASSWORD)
            .set("sinks.postgres.timeoutMs", 5_000);
  }

  @Test
  @DisplayName("makes one row of each record, with id, time, topic, type and the chosen numbers")
  void rows() throws Exception {
    database.startWithDatabase();
    column("co2", "values.co2");
    column("temp", "temp");
    server.start();
    FakeEdge edge = FakeEdge.of(site, server, "e", "0badcafe");
    edge.send(
        """
        {"type":"batch","first":1,"count":1}
        {"temp":21.5,"_topic":"a/b","_ts_src":"2026-03-04T05:06:07.089Z","_id":"e.0badcafe.1"}
        """);
    assertThat(edge.next()).contains("ack");
    send(
        "{\"type\":\"alert\",\"timestamp\":1772600767.5,\"values\":{\"co2\":412,\"x\":[1,{\"co2\":1}]},\"temp\":\"warm\"}");
    edge.send(
        """
        {"type":"batch","first":2,"count":1}
        {"timestamp":"yesterday","_ts_src":"2026-03-04T05:06:09.000Z","_id":"e.0badcafe.2"}
        """);
    assertThat(edge.next()).contains("ack");
    awaitSameIds();

    String name =
        new JsonObject(Files.readString(server.dataDir().resolve("journal.id")))
            .getString("journal");
    assertThat(
            database.query(
                "SELECT id, extract(epoch FROM time)::numeric(16,3), topic, type, co2, temp,"
                    + " record->>'_id' FROM records ORDER BY time"))
        .containsExactly(
            "e.0badcafe.1|1772600767.089|a/b|measurement||21.5|e.0badcafe.1",
            name + ".2|1772600767.500||alert|412||",
            "e.0badcafe.2|1772600769.000||measurement|||e.0badcafe.2");
    assertThat(server.proc().output()).doesNotContain(Postgres.PASSWORD);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = "the database")
  @DisplayName("has exactly the journal's ids after kill -9 in mid-load of")
  void killed(String victim) throws Exception {
    database.startWithDatabase();
    Mosquitto broker = site.mosquitto();
    server.set("sinks.postgres.batchRecords", 50).set("sinks.postgres.lingerMs", 5).start();
    Spillway.edge(site, broker, server).start();
    broker.awaitSubscriber("spillway-edge");
    Publisher publisher = site.publisher(broker, "test/a", "test/b").begin(400);
    for (int round = 1; round <= 3; round++) {
      int some = round * 300;
      Await.until("rows come", SOON, () -> database.number("SELECT count(*) FROM records") > some);
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
    server.stored().await("the last one", line -> line.contains(last(publisher)));

    awaitSameIds();
  }

  @ParameterizedTest(name = "{0}")
  @Proof
  @ValueSource(strings = {"the server", "both"})
  @DisplayName("has exactly the journal's ids after kill -9 in mid-load of")
  void killedToo(String victim) throws Exception {
    killed(victim);
  }

  private static String last(Publisher publisher) {
    return publisher.mark(publisher.sent() - 1);
  }

  @Test
  @DisplayName(
      "keeps a record aside that the database refuses, says why, and goes on with the rest")
  void refused() throws Exception {
    server.set("sinks.postgres.batchRecords", 100);
    List<String> lines = new ArrayList<>(numbered(0, 500));
    lines.set(123, "{\"bad\":\"a\\u0000b\"}");
    lines.set(124, "{\"_id\":\"" + longId() + "\",\"n\":124}"); // version 0.1 took it from anybody
    Files.createDirectories(server.dataDir());
    Files.write(server.dataDir().resolve("ingest.ndjson"), lines);
    server.start();
    database.startWithDatabase();

    Await.until(
        "the others are there", SOON, () -> database.number("SELECT count(*) FROM records") == 498);
    Await.until("both are counted", SOON, () -> health().contains("\"rejected\":2"));
    Path kept = server.dataDir().resolve("sinks/postgres/rejected.ndjson");
    assertThat(Files.readAllLines(kept))
        .hasSize(2)
        .anyMatch(line -> line.contains("22P05") && line.contains(".124\""))
        .anyMatch(line -> line.contains("54000") && line.contains(".125\""));
    assertThat(metrics()).contains("spillway_sink_rejected_total{sink=\"postgres\"} 2.0");

    send("{\"n\":\"after\"}");
    Await.until("later ones", SOON, () -> database.number("SELECT count(*) FROM records") == 499);
    assertThat(server.crash().proc().output()).doesNotContain("refused");
    assertThat(Files.readAllLines(kept)).hasSize(2);
  }

  @Test
  @Proof
  @DisplayName(
      "sets aside what no table would take, however much of it comes first, before anything was"
          + " written and after a restart")
  void refusedAtFirst() throws Exception {
    server.set("sinks.postgres.batchRecords", 100);
    List<String> lines = new ArrayList<>();
    for (int n = 0; n < 340; n++) {
      lines.add("{\"n\":\"\\ud83d\"}");
      lines.add("{\"n\":1e200000}");
      lines.add("{\"_topic\":\"" + longId() + "\"}");
    }
    lines.addAll(numbered(0, 50));
    Files.createDirectories(server.dataDir());
    Files.write(server.dataDir().resolve("ingest.ndjson"), lines);
    server.start();
    server.kill9();
    database.startWithDatabase();
    server.start();

    Await.until("the good ones", SOON, () -> database.number("SELECT count(*) FROM records") == 50);
    Path kept = server.dataDir().resolve("sinks/postgres/rejected.ndjson");
    List<String> aside = Files.readAllLines(kept);
    assertThat(aside).hasSize(1_020);
    for (String code : List.of("22P02", "22003", "54000")) {
      assertThat(aside).filteredOn(line -> line.contains(code)).hasSize(340);
    }
  }

  @Proof
  @Test
  @DisplayName(
      "sets nothing aside while a constraint refuses every record, and says which; what it refuses"
          + " among others is set aside")
  void constraint() throws Exception {
    database.startWithDatabase();
    server.start();
    send("{\"n\":0}");
    awaitSameIds();
    Path kept = server.dataDir().resolve("sinks/postgres/rejected.ndjson");

    database.query("ALTER TABLE records ADD COLUMN site int NOT NULL DEFAULT 1");
    database.query("ALTER TABLE records ALTER COLUMN site DROP DEFAULT");
    send(numbered(1, 30).toArray(String[]::new));
    send("{\"secret\":\"of the payload\"}");
    String told = server.proc().awaitLine("\\[postgres].*refuses what waits", SOON);
    assertThat(told).contains("23502", "NOT NULL of column site in table records");
    Await.until("health tells", SOON, () -> health().contains("NOT NULL of column site"));
    assertThat(kept).doesNotExist();
    database.query("ALTER TABLE records DROP COLUMN site");
    awaitSameIds();
    Await.until("health is good", SOON, () -> health().contains("\"status\":\"ok\""));
    assertThat(kept).doesNotExist();

    database.query("ALTER TABLE records ADD CONSTRAINT hot CHECK ((record->>'n')::int < 5000)");
    List<String> some = new ArrayList<>(numbered(100, 20));
    some.set(0, "{\"n\":9001}");
    some.set(7, "{\"n\":9002}");
    some.set(19, "{\"n\":9003}");
    send(some.toArray(String[]::new));
    Await.until("three are counted", SOON, () -> health().contains("\"rejected\":3"));
    Await.until("the rest", SOON, () -> database.number("SELECT count(*) FROM records") == 49);
    assertThat(Files.readAllLines(kept)).hasSize(3).allMatch(line -> line.contains("23514"));
    assertThat(server.proc().awaitLine("refused the record at offset", SOON))
        .contains("constraint \"hot\"")
        .doesNotContain("9001");
    assertThat(server.proc().output()).doesNotContain("of the payload");
  }

  @Test
  @Proof
  @DisplayName("sets nothing aside while a constraint that COMMIT checks refuses every record")
  void constraintDeferred() throws Exception {
    database.startWithDatabase();
    server.start();
    send("{\"n\":0}");
    awaitSameIds();

    database.query("CREATE TABLE sites (id int PRIMARY KEY)");
    database.query("INSERT INTO sites VALUES (1)");
    database.query("ALTER TABLE records ADD COLUMN site int DEFAULT 1");
    database.query(
        "ALTER TABLE records ADD FOREIGN KEY (site) REFERENCES sites"
            + " DEFERRABLE INITIALLY DEFERRED");
    database.query("ALTER TABLE records ALTER COLUMN site SET DEFAULT 2");
    send(numbered(1, 30).toArray(String[]::new));
    assertThat(server.proc().awaitLine("\\[postgres].*refuses what waits", SOON))
        .contains("23503", "constraint records_site_fkey");
    assertThat(health()).contains("\"rejected\":0");

    database.query("INSERT INTO sites VALUES (2)");
    awaitSameIds();
    assertThat(server.dataDir().resolve("sinks/postgres/rejected.ndjson")).doesNotExist();
  }

  @Test
  @Proof
  @DisplayName("sets aside what another unique index refuses, and says so")
  void uniqueIndex() throws Exception {
    database.startWithDatabase();
    server.start();
    send("{\"n\":0}");
    awaitSameIds();

    database.query("CREATE UNIQUE INDEX one_of_a_time ON records (type, time)");
    String[] some = new String[4];
    Arrays.setAll(some, n -> "{\"n\":%d,\"timestamp\":%d}".formatted(n, 1_772_600_000 + n / 2 * n));
    send(some); // the first two are of one time
    Await.until("one is counted", SOON, () -> health().contains("\"rejected\":1"));
    Await.until("the rest", SOON, () -> database.number("SELECT count(*) FROM records") == 4);
    assertThat(Files.readAllLines(server.dataDir().resolve("sinks/postgres/rejected.ndjson")))
        .singleElement()
        .asString()
        .contains("23505", "_type_time_idx");

    send("{\"n\":9,\"timestamp\":1772600000}"); // alone: what it is tried beside has another time
    Await.until("it is counted", SOON, () -> health().contains("\"rejected\":2"));
  }

  @Test
  @Proof
  @DisplayName(
      "sets nothing aside while a trigger or a lack of rights refuses every record, with a cure;"
          + " what it refuses alone is set aside at once")
  void triggers() throws Exception {
    database.startWithDatabase();
    server.start();
    send("{\"n\":0}");
    awaitSameIds();

    for (String code : List.of("P0001", "42501", "22P02", "ZX001")) {
      refuseBy(code, "true");
      send(numbered(1, 5).toArray(String[]::new));
      server.proc().awaitLine("\\[postgres].*refuses what waits: " + code, SOON);
      Await.until("health tells", SOON, () -> health().contains("refuses what waits: " + code));
      assertThat(health()).contains("\"rejected\":0", "\"status\":\"degraded\"");
      database.query("DROP TRIGGER picky ON records");
      awaitSameIds();
    }
    assertThat(server.proc().output())
        .contains("grant user spillway SELECT and INSERT on", "column type or trigger");

    refuseBy("P0001", "NEW.record->>'n' = 'bad'");
    send("{\"n\":\"bad\"}");
    Await.until("it is counted", SOON, () -> health().contains("\"rejected\":1"));
    database.query("CREATE INDEX ON records (((record->>'n')::int))");
    send("{\"n\":\"warm\"}");
    Await.until("it is counted", SOON, () -> health().contains("\"rejected\":2"));
  }

  @Test
  @Proof
  @DisplayName("tells while one record after the other is set aside, until another one is taken")
  void oneAfterTheOther() throws Exception {
    database.startWithDatabase();
    server.start();
    send("{\"n\":0}");
    awaitSameIds();

    database.query("CREATE INDEX ON records (((record->>'n')::int))");
    String[] some = new String[110];
    Arrays.setAll(some, n -> "{\"n\":\"warm %d\"}".formatted(n));
    send(some);
    Await.until("all are set aside", SOON, () -> health().contains("\"rejected\":110"));
    Await.until("health tells", SOON, () -> health().contains("each of the last 110 records"));
    assertThat(health()).contains("22P02", "\"status\":\"degraded\"");

    send("{\"n\":1}");
    Await.until("health is good", SOON, () -> health().contains("\"status\":\"ok\""));
  }

  @Proof
  @Test
  @DisplayName(
      "says once of a table that was dropped what it adds to it, and goes on when it is back")
  void dropped() throws Exception {
    database.startWithDatabase();
    column("co2", "co2");
    server.start();
    send("{\"co2\":1}");
    awaitSameIds();

    database.query("DROP TABLE records");
    send("{\"co2\":2}");
    assertThat(server.proc().awaitLine("\\[postgres].*does not exist", SOON))
        .contains("DROP TABLE \"records_version\"");
    Await.until("it has tried again", SOON, () -> retries() >= 4);
    assertThat(server.proc().lines().stream().filter(line -> line.contains("adds column co2")))
        .hasSize(2); // to the first table, and to the one that is not there

    database.query("DROP TABLE \"records_version\"");
    Await.until("it is there", SOON, () -> health().contains("\"status\":\"ok\""));
    assertThat(database.query("SELECT co2 FROM records")).containsExactly("2");
  }

  private int retries() throws Exception {
    Matcher counted =
        Pattern.compile("sink_retries_total\\{sink=\"postgres\"} (\\d+)").matcher(metrics());
    return counted.find() ? Integer.parseInt(counted.group(1)) : 0;
  }

  private void refuseBy(String code, String when) {
    database.query(
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN RAISE EXCEPTION ''not here'' USING ERRCODE = TG_ARGV[0]; END'");
    database.query(
        "CREATE TRIGGER picky BEFORE INSERT ON records FOR EACH ROW WHEN (%s)".formatted(when)
            + " EXECUTE FUNCTION refuse('%s')".formatted(code));
  }

  @Test
  @DisplayName("catches up from compressed segments with a database that was away")
  void away() throws Exception {
    server.set("server.journal.segmentBytes", 20_000).start();
    for (int block = 0; block < 10; block++) {
      send(numbered(block * 1_000, 1_000).toArray(String[]::new));
    }
    awaitCompressed();
    assertThat(server.proc().awaitLine("\\[postgres].*refused", SOON))
        .contains("127.0.0.1:" + database.port(), "is PostgreSQL running?");

    database.startWithDatabase();
    awaitSameIds();
    server.proc().awaitLine("\\[postgres] works again after", SOON);
    Await.until("health is good", SOON, () -> health().contains("\"status\":\"ok\""));
  }

  @Test
  @Proof
  @DisplayName("counts what retention deleted before it could be written, and goes on behind it")
  void gap() throws Exception {
    database.startWithDatabase();
    server.set("server.journal.segmentBytes", 20_000).set("server.journal.keepBytes", 40_000);
    server.set("server.journal.compress", "none").start();
    send(numbered(0, 10).toArray(String[]::new));
    awaitSameIds();
    database.kill9();
    for (int block = 1; block <= 10; block++) {
      send(numbered(block * 1_000, 1_000).toArray(String[]::new));
    }
    Await.until("the oldest are deleted", SOON, () -> server.stored().lines().size() < 9_000);

    database.start();
    Await.until("a gap is counted", SOON, () -> health().matches("(?s).*\"gap\":[1-9].*"));
    server.proc().awaitLine("records from offset 11 were deleted by retention", SOON);
    send("{\"n\":\"last\"}");
    Await.until(
        "the last one",
        SOON,
        () -> database.number("SELECT count(*) FROM records WHERE record->>'n'='last'") == 1);
  }

  @Test
  @DisplayName("says what is wrong with password and database, and works when that is mended")
  void wrongAccess() throws Exception {
    database.start();
    server.set("server.stalledMs", 1_000).set("sinks.postgres.password", "wrong-password").start();
    send("{\"n\":1}");
    assertThat(server.proc().awaitLine("\\[postgres].*password authentication", SOON))
        .contains("sinks.postgres.password")
        .doesNotContain("wrong-password");
    Await.until("health says so", SOON, () -> health().contains("password authentication"));
    Await.until("it is 503", SOON, () -> Http.get(server.httpUrl() + "/health").status() == 503);
    server.terminate();

    server.set("sinks.postgres.password", Postgres.PASSWORD).start();
    assertThat(server.proc().awaitLine("\\[postgres].*does not exist", SOON))
        .contains("createdb spillway", "sinks.postgres.url");
    database.createDatabase();
    server.proc().awaitLine("\\[postgres] works again", SOON);
    awaitSameIds();
    Await.until("health is good", SOON, () -> health().contains("\"status\":\"ok\""));
  }

  @Test
  @Proof
  @DisplayName("adds a numeric column that is new in the configuration")
  void newColumn() throws Exception {
    database.startWithDatabase();
    server.start();
    send("{\"co2\":400}");
    awaitSameIds();
    server.terminate();

    column("co2", "co2");
    server.start();
    send("{\"co2\":500}");
    awaitSameIds();
    assertThat(database.query("SELECT co2 FROM records ORDER BY co2 NULLS FIRST"))
        .containsExactly("", "500");
  }

  @Proof
  @Test
  @DisplayName("makes a partition for each month, ahead of need, and one for clocks that are wrong")
  void partitions() throws Exception {
    database.startWithDatabase();
    server.start();
    send(
        "{\"timestamp\":\"2026-01-31T23:59:59.999Z\"}",
        "{\"timestamp\":\"2026-02-01T00:00:00.000Z\"}",
        "{\"timestamp\":\"2026-02-01T00:30:00+01:00\"}",
        "{\"timestamp\":\"1971-01-01T00:00:00Z\"}",
        "{\"timestamp\":\"9999-12-31T00:00:00Z\"}");
    awaitSameIds();

    assertThat(
            database.query(
                "SELECT tableoid::regclass::text, count(*) FROM records GROUP BY 1"
                    + " ORDER BY 1"))
        .containsExactly("records_2026_01|2", "records_2026_02|1", "records_default|2");
    assertThat(
            database.number(
                "SELECT count(*) FROM pg_class WHERE relname = to_char((now() AT TIME ZONE 'UTC')"
                    + " + interval '1 month', '\"records_\"YYYY_MM')"))
        .isEqualTo(1);
  }

  @Test
  @Proof
  @DisplayName("lets the journal go on while the database is stuck, which health shows")
  void stuck() throws Exception {
    database.startWithDatabase();
    server.set("server.stalledMs", 2_000).start();
    send("{\"n\":0}");
    awaitSameIds();

    database.freeze();
    send(numbered(1, 5_000).toArray(String[]::new));
    assertThat(server.stored().lines()).hasSize(5_001);
    Await.until(
        "health says so",
        SOON,
        () -> health().matches("(?s).*(5,000 waiting, none done|no answer within 5000 ms).*"));
    Await.until("it is 503", SOON, () -> Http.get(server.httpUrl() + "/health").status() == 503);
    server.proc().awaitLine("\\[postgres].*no answer within 5000 ms", SOON);
    send("{\"n\":\"still\"}");

    database.thaw();
    awaitSameIds();
    Await.until("health is good", SOON, () -> health().contains("\"status\":\"ok\""));
  }

  @Test
  @Proof
  @DisplayName("ends on SIGTERM while the database is frozen")
  void frozenAtTheEnd() throws Exception {
    database.startWithDatabase();
    server.start();
    send("{\"n\":0}");
    awaitSameIds();
    database.freeze();
    try {
      assertThat(server.terminate()).isEqualTo(143);
      server.proc().awaitLine("stopped, without the goodbye of a peer", SOON);
    } finally {
      database.thaw();
    }
  }

  @Test
  @Proof
  @DisplayName("begins anew with a journal that is another one")
  void otherJournal() throws Exception {
    database.startWithDatabase();
    server.start();
    send(numbered(0, 100).toArray(String[]::new));
    awaitSameIds();
    server.terminate();
    Files.move(server.dataDir(), server.dir().resolve("old"));

    server.start();
    send("{\"n\":\"new\"}");
    Await.until("it is there", SOON, () -> database.number("SELECT count(*) FROM records") == 101);
    assertThat(database.query("SELECT next FROM records_sink ORDER BY 1"))
        .containsExactly("2", "101");
  }

  /** Longer than what fits into an index, and not to be compressed. */
  private static String longId() {
    return new Random(1).ints(20_000, 'a', 'z').mapToObj(Character::toString).collect(joining());
  }

  // --- what the tests ask

  private void column(String name, String path) {
    JsonObject column = new JsonObject().put("name", name).put("path", path);
    JsonObject sinks = server.conf().getJsonObject("sinks").getJsonObject("postgres");
    JsonArray columns = sinks.getJsonArray("columns", new JsonArray());
    sinks.put("columns", columns.add(column));
  }

  private static List<String> numbered(int first, int count) {
    return IntStream.range(first, first + count).mapToObj(n -> "{\"n\":" + n + "}").toList();
  }

  private void send(String... lines) {
    PlainSender.send(server, lines);
  }

  private void awaitSameIds() throws IOException {
    String name =
        new JsonObject(Files.readString(server.dataDir().resolve("journal.id")))
            .getString("journal");
    List<String> expected = new ArrayList<>();
    long offset = 1;
    for (JsonObject record : server.stored().records()) {
      expected.add(record.getString("_id", name + "." + offset));
      offset++;
    }
    expected.sort(null);
    Await.until(
        () -> expected.size() + " rows, not " + database.query("SELECT count(*) FROM records"),
        SOON,
        () -> database.number("SELECT count(*) FROM records") >= expected.size());
    assertThat(database.query("SELECT id FROM records ORDER BY id COLLATE \"C\""))
        .isEqualTo(expected);
  }

  private void awaitCompressed() {
    Await.until(
        "segments are compressed",
        SOON,
        () -> {
          try (Stream<Path> files = Files.list(server.dataDir())) {
            return files.filter(file -> file.toString().endsWith(".gz")).count() > 3;
          }
        });
  }

  private String health() throws IOException, InterruptedException {
    return Http.get(server.httpUrl() + "/health").body();
  }

  private String metrics() throws IOException, InterruptedException {
    return Http.get(server.httpUrl() + "/metrics").body();
  }
}
