package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Curl;
import io.spillway.kit.FreePort;
import io.spillway.kit.Http;
import io.spillway.kit.Postgres;
import io.spillway.kit.Proof;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("A server with a PostgreSQL sink, asked over HTTP,")
class RecordsFromPostgresIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final int BLOCK = 1_000;

  @RegisterExtension final Site site = new Site();
  private Postgres database;
  private Spillway server;
  private Curl curl;

  @BeforeEach
  void prepare() {
    database = new Postgres(site);
    server = withDatabase(Spillway.server(site));
    curl = new Curl(site);
  }

  private Spillway withDatabase(Spillway spillway) {
    return spillway
        .set("server.live.anonymous", true)
        .set("sinks.postgres.url", database.url())
        .set("sinks.postgres.password", Postgres.PASSWORD)
        .set("sinks.postgres.timeoutMs", 5_000);
  }

  /** With blocks of records in the table, of which the journal keeps only the last. */
  private void forgetful(int blocks, Members members) {
    database.startWithDatabase();
    server
        .set("server.journal.segmentBytes", 20_000)
        .set("server.journal.keepBytes", 40_000)
        .set("server.journal.compress", "none")
        .start();
    sendInTurn(1, blocks - 1, members);
    server.terminate(); // a server that starts knows at once what retention may delete
    server.start();
    sendInTurn(blocks, blocks, members);
    Await.until("the oldest are deleted", SOON, () -> oldest() > (long) (blocks - 1) * BLOCK);
  }

  private void sendInTurn(int first, int last, Members members) {
    for (int block = first; block <= last; block++) {
      send(server, (block - 1) * BLOCK + 1, BLOCK, members);
      long end = (long) block * BLOCK + 1;
      Await.until(
          "written up to " + end,
          SOON,
          () -> database.number("SELECT coalesce(max(next), 0) FROM records_sink") == end);
    }
  }

  private static String onTopic(int n) {
    return "\"_topic\":\"t/" + n % 100 + "\"";
  }

  private static String ofRoom(int n) {
    return "\"salle\":\"s%d\",\"sensor_id\":\"sensor-%d\",\"enseigne\":\"shop\",\"timestamp\":%d"
        .formatted(n % 10, n % 10, 1_700_000_000L + n);
  }

  @Test
  @DisplayName("gives every record once and in order across retention while more come in")
  void wholeHistory() throws Exception {
    forgetful(6, RecordsFromPostgresIT::onTopic);
    int blocks = 10;
    CompletableFuture<Void> sender =
        CompletableFuture.runAsync(() -> sendInTurn(7, blocks, RecordsFromPostgresIT::onTopic));

    List<Integer> seen = new ArrayList<>();
    Set<String> sources = new HashSet<>();
    long next = 1;
    while (seen.size() < blocks * BLOCK) {
      JsonObject page = get("/api/records?limit=170&since=" + next).json();
      assertThat(page.containsKey("gap")).as(page.encode()).isFalse();
      addOffsets(page, seen, next);
      sources.add(page.getString("source"));
      next = page.getLong("next");
      assertThat(sender).isNotCompletedExceptionally();
    }
    sender.join();
    assertThat(seen).isEqualTo(numbers(1, blocks * BLOCK));

    List<Integer> again = new ArrayList<>();
    for (next = 1; next <= seen.size(); ) {
      JsonObject page = get("/api/records?since=" + next).json();
      assertThat(page.containsKey("gap")).as(page.encode()).isFalse();
      addOffsets(page, again, next);
      sources.add(page.getString("source"));
      next = page.getLong("next");
    }
    assertThat(again).isEqualTo(seen);
    assertThat(sources).containsExactlyInAnyOrder("journal", "postgres");
    JsonObject newest = get("/api/records?limit=6000").json();
    assertThat(newest.getString("source")).isEqualTo("postgres");
    assertThat(numbersOf(newest.getJsonArray("records"))).isEqualTo(numbers(4_001, 6_000));
    assertThat(numbersOf(get("/api/records?since=40&topic=t/7,t/8").json().getJsonArray("records")))
        .hasSizeGreaterThan(50)
        .allMatch(n -> n % 100 == 7 || n % 100 == 8)
        .startsWith(107, 108);
  }

  @Proof
  @Test
  @DisplayName("tells as gap only what neither has, page by page")
  void holes() throws Exception {
    forgetful(3, RecordsFromPostgresIT::onTopic);
    database.query("DELETE FROM records WHERE journal_offset < 10");
    database.query("DELETE FROM records WHERE journal_offset BETWEEN 100 AND 109");

    JsonObject first = get("/api/records?since=1&limit=1000").json();
    assertThat(first.getJsonObject("gap").encode()).isEqualTo("{\"from\":1,\"to\":10}");
    assertThat(first.getLong("next")).isEqualTo(100);
    JsonObject second = get("/api/records?since=100&limit=3").json();
    assertThat(second.getJsonObject("gap").encode()).isEqualTo("{\"from\":100,\"to\":110}");
    assertThat(numbersOf(second.getJsonArray("records"))).containsExactly(110, 111, 112);
  }

  @Test
  @Proof
  @DisplayName("gives all measurements by time, those on their way to the table too, each once")
  void measurements() throws Exception {
    forgetful(3, RecordsFromPostgresIT::ofRoom);
    List<Integer> expected = numbers(1, 3_300).stream().filter(n -> n % 10 == 3).toList();

    database.lock("records", "SHARE"); // reading goes on, writing waits
    send(server, 3_001, 300, RecordsFromPostgresIT::ofRoom);
    assertThat(walk("/api/iaq/data?salle=s3&limit=70")).isEqualTo(expected);
    assertThat(database.number("SELECT count(*) FROM records")).isEqualTo(3_000);
    Curl.Answer one = get("/api/iaq/data?sensor_id=sensor-3&limit=1");
    assertThat(one.headers().get("spillway-source")).isEqualTo("postgres");
    assertThat(numbersOf(one.array())).containsExactly(3_293);

    database.unlock();
    awaitRows(3_300);
    assertThat(walk("/api/iaq/data?salle=s3&limit=70")).isEqualTo(expected);
    assertThat(walk("/api/iaq/data?enseigne=shop&salle=s3&limit=10000")).isEqualTo(expected);
    assertThat(
            walk(
                "/api/iaq/data?salle=s3&from=2023-11-14T22:13:30Z&to="
                    + (1_700_000_000L + 34)
                    + "&limit=2"))
        .containsExactly(13, 23, 33);
    assertThat(metrics())
        .containsPattern(
            "spillway_sink_queries_seconds_count\\{.*kind=\"newest\",outcome=\"answered\"");
  }

  @Test
  @Proof
  @DisplayName("answers from the journal and says so while the database is dead or stuck")
  void databaseAway() throws Exception {
    server.set("sinks.postgres.queryTimeoutMs", 500);
    forgetful(3, RecordsFromPostgresIT::ofRoom);
    assertThat(get("/api/records?since=1").json().getString("source")).isEqualTo("postgres");
    String link = get("/api/iaq/data?limit=10").headers().get("link");
    assertThat(link).contains("before=17000029", "%7E");

    database.kill9();
    for (int i = 0; i < 10; i++) {
      answersFromJournal();
    }
    Curl.Answer older = get(link.replaceAll("^<|>.*", ""));
    assertThat(older.status()).isEqualTo(503);
    assertThat(older.headers()).containsKey("retry-after");
    assertThat(questionLines("refused")).hasSize(1);

    database.start();
    Await.until("it answers again", SOON, () -> isFromPostgres("/api/records?since=1"));
    assertThat(questionLines("works again")).hasSize(1);

    database.freeze();
    for (int i = 0; i < 12; i++) {
      answersFromJournal();
    }
    assertThat(questionLines("no answer within 500 ms")).hasSize(1);
    database.thaw();
    Await.until("it answers again", SOON, () -> isFromPostgres("/api/records?since=1"));
    assertThat(metrics())
        .containsPattern("spillway_sink_queries_seconds_count\\{.*outcome=\"failed\"")
        .containsPattern("spillway_sink_queries_seconds_count\\{.*outcome=\"slow\"")
        .containsPattern("spillway_sink_queries_seconds_count\\{.*outcome=\"refused\"");
  }

  private void answersFromJournal() {
    JsonObject page = get("/api/records?since=1").json();
    assertThat(page.getString("source")).isEqualTo("journal");
    assertThat(page.getString("note")).startsWith("PostgreSQL").doesNotContain("127.0.0.1");
    assertThat(page.getJsonObject("gap").getLong("from")).isEqualTo(1);
    Curl.Answer measurements = get("/api/iaq/data?limit=5");
    assertThat(measurements.headers().get("spillway-source")).isEqualTo("journal");
    assertThat(measurements.headers().get("spillway-note")).startsWith("PostgreSQL");
    assertThat(numbersOf(measurements.array())).containsExactly(2_996, 2_997, 2_998, 2_999, 3_000);
  }

  private List<String> questionLines(String what) {
    return server.proc().lines().stream()
        .filter(line -> line.contains("[postgres] questions:") && line.contains(what))
        .toList();
  }

  @Proof
  @Test
  @DisplayName("takes SQL in parameters for the text that it is")
  void metacharacters() throws Exception {
    database.startWithDatabase();
    server.start();
    List<String> names =
        List.of(
            "' OR '1'='1",
            "x'; DROP TABLE records; --",
            "\"; SELECT 1",
            "%",
            "_",
            "\\' OR 1=1 --",
            "$1",
            "{}",
            "été");
    StringBuilder lines = new StringBuilder();
    names.forEach(name -> lines.append(new JsonObject().put("sensor_id", name)).append('\n'));
    post(server, lines.append("{\"sensor_id\":7}\n{\"sensor_id\":\"plain\"}").toString());
    awaitRows(names.size() + 2);
    for (String name : names) {
      Curl.Answer answer = get("/api/iaq/data?sensor_id=" + encode(name));
      assertThat(answer.headers().get("spillway-source")).isEqualTo("postgres");
      assertThat(answer.array())
          .extracting(record -> ((JsonObject) record).getString("sensor_id"))
          .containsExactly(name);
      assertThat(get("/api/iaq/data?salle=" + encode(name)).array()).isEmpty();
      assertThat(get("/api/records?since=1&topic=" + encode(name)).status()).isIn(200, 400);
      assertThat(get("/api/iaq/data?before=" + encode("1~" + name)).array()).isEmpty();
    }
    assertThat(get("/api/iaq/data?sensor_id=7").array()).hasSize(1);
    assertThat(get("/api/iaq/data?sensor_id=%00").status()).isEqualTo(200);
    assertThat(get("/api/records?journal='--").status()).isEqualTo(400);
    assertThat(get("/api/iaq/data?before='~").status()).isEqualTo(400);
    assertThat(database.number("SELECT count(*) FROM records")).isEqualTo(names.size() + 2);
  }

  @Test
  @Proof
  @DisplayName("gives what another server has stored, in its order and by time")
  void twoServers() throws Exception {
    database.startWithDatabase();
    Spillway second = second();
    server.start();
    second.start();
    send(server, 1, 200, n -> "\"timestamp\":" + (1_700_000_000L + 2L * n));
    send(second, 1_001, 200, n -> "\"timestamp\":" + (1_700_000_001L + 2L * (n - 1_000)));
    awaitRows(400);
    String journal = get("/api/records?limit=1").json().getString("journal");
    server.terminate();

    List<Integer> both = numbersOf(get(second, "/api/iaq/data?limit=6").array());
    assertThat(both).containsExactly(198, 1_198, 199, 1_199, 200, 1_200);
    JsonObject page = get(second, "/api/records?limit=150&since=1&journal=" + journal).json();
    assertThat(numbersOf(page.getJsonArray("records"))).isEqualTo(numbers(1, 150));
    assertThat(page.getString("source")).isEqualTo("postgres");
    assertThat(page.getString("journal")).isEqualTo(journal);
    JsonObject rest = get(second, "/api/records?since=151&journal=" + journal).json();
    assertThat(numbersOf(rest.getJsonArray("records"))).isEqualTo(numbers(151, 50));
    assertThat(rest.getLong("next")).isEqualTo(201).isEqualTo(rest.getLong("end"));
    JsonObject newest = get(second, "/api/records?limit=3&journal=" + journal).json();
    assertThat(numbersOf(newest.getJsonArray("records"))).containsExactly(198, 199, 200);
    JsonObject unknown = get(second, "/api/records?since=1&journal=00000000000f").json();
    assertThat(unknown.getBoolean("reset")).isTrue();

    database.kill9();
    assertThat(get(second, "/api/records?since=1&journal=" + journal).status()).isEqualTo(503);
    assertThat(get(second, "/api/records?since=1").json().getJsonArray("records")).hasSize(200);
  }

  @Test
  @DisplayName("leaves out a record whose numbers PostgreSQL writes in 26 MB, and gives the others")
  void numbersInFull() throws Exception {
    database.startWithDatabase();
    Spillway second = second();
    server.start();
    second.start();
    String exponents = String.join(",", Collections.nCopies(199, "1e131000"));
    post(server, "{\"n\":1}\n{\"n\":2,\"v\":[" + exponents + "]}\n{\"n\":3}");
    awaitRows(3);
    String journal = get("/api/records?limit=1").json().getString("journal");

    String since = "/api/records?journal=" + journal + "&since=";
    assertThat(numbersOf(get(second, since + 1).json().getJsonArray("records"))).containsExactly(1);
    JsonObject behind = get(second, since + 2).json();
    assertThat(behind.getJsonObject("gap").encode()).isEqualTo("{\"from\":2,\"to\":3}");
    assertThat(numbersOf(behind.getJsonArray("records"))).containsExactly(3);
    Curl.Answer newest = get(second, "/api/iaq/data?limit=3");
    assertThat(newest.headers().get("spillway-source")).isEqualTo("postgres");
    assertThat(numbersOf(newest.array())).containsExactly(1, 3);
  }

  @Test
  @Proof
  @DisplayName("brings a table of version 1 up to date once, killed or not, and keeps its rows")
  void migration() throws Exception {
    database.startWithDatabase();
    versionOne();
    database.lock("records", "ACCESS SHARE");
    Spillway second = second();
    server.start();
    server.proc().awaitLine("brings table records from version 1 to 2", SOON);
    Await.until(
        "it waits",
        SOON,
        () ->
            database.number(
                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode ="
                        + " 'AccessExclusiveLock'")
                == 1);
    server.kill9();
    database.unlock();
    Await.until(
        "its connection is gone",
        SOON,
        () ->
            database.number(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'spillway'")
                == 0);
    assertThat(database.query("SELECT version FROM records_version")).containsExactly("1");

    CompletableFuture<Spillway> other = CompletableFuture.supplyAsync(second::start);
    server.start();
    other.join();
    send(server, 1, 10, n -> "\"timestamp\":" + (1_800_000_000L + n));
    send(second, 11, 10, n -> "\"timestamp\":" + (1_800_000_000L + n));
    awaitRows(22);
    assertThat(database.query("SELECT version FROM records_version ORDER BY 1"))
        .containsExactly("1", "2");
    assertThat(database.query("SELECT id FROM records WHERE journal IS NULL ORDER BY 1"))
        .containsExactly("e.1.1", "old.2");
    JsonArray all = get("/api/iaq/data").array();
    assertThat(all).hasSize(22);
    assertThat(all.getJsonObject(0).encode())
        .isEqualTo("{\"a\":1,\"_id\":\"e.1.1\",\"type\":\"measurement\"}");
    assertThat(numbersOf(get("/api/records?since=1").json().getJsonArray("records"))).hasSize(10);
  }

  /** As the first version made it. */
  private void versionOne() {
    for (String sql :
        List.of(
            "CREATE TABLE records (id text NOT NULL, time timestamptz NOT NULL, topic text,"
                + " type text NOT NULL, record jsonb NOT NULL, PRIMARY KEY (id, time))"
                + " PARTITION BY RANGE (time)",
            "CREATE TABLE records_default PARTITION OF records DEFAULT",
            "CREATE INDEX records_time ON records (time)",
            "CREATE INDEX records_topic_time ON records (topic, time)",
            "CREATE TABLE records_sink (journal text PRIMARY KEY, next bigint NOT NULL,"
                + " updated timestamptz NOT NULL DEFAULT now())",
            "CREATE TABLE records_version (version integer PRIMARY KEY,"
                + " made timestamptz NOT NULL DEFAULT now())",
            "INSERT INTO records_version VALUES (1)",
            "INSERT INTO records VALUES ('e.1.1', '2020-01-02', 't', 'measurement',"
                + " '{\"_id\":\"e.1.1\",\"a\":1}'), ('old.2', '2020-01-03', NULL, 'measurement',"
                + " '{\"a\":2}')")) {
      database.query(sql);
    }
  }

  // --- what the tests ask

  private Spillway second() throws IOException {
    JsonObject conf = server.conf().copy();
    conf.getJsonObject("server").put("port", FreePort.next());
    return Spillway.of(site, "second", conf);
  }

  private static List<Integer> numbers(int first, int count) {
    return IntStream.range(first, first + count).boxed().toList();
  }

  /** A line of a block, but for its number. */
  private interface Members {
    String of(int n);
  }

  private void send(Spillway to, int first, int count, Members members) {
    for (int from = first; from < first + count; from += BLOCK) {
      int end = Math.min(from + BLOCK, first + count);
      post(
          to,
          IntStream.range(from, end)
              .mapToObj(n -> "{\"n\":" + n + "," + members.of(n) + "}")
              .collect(Collectors.joining("\n")));
    }
  }

  private void post(Spillway to, String lines) {
    try {
      Http.Answer answer = Http.post(to.httpUrl() + "/api/ingest", Spillway.TOKEN, lines);
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    } catch (IOException | InterruptedException error) {
      throw new AssertionError(error);
    }
  }

  private Curl.Answer get(String path) {
    return get(server, path);
  }

  private Curl.Answer get(Spillway from, String path) {
    return curl.run(from.httpUrl() + path);
  }

  private boolean isFromPostgres(String path) {
    return get(path).json().getString("source").equals("postgres");
  }

  /** The first offset that the journal holds, as the names of its files say. */
  private long oldest() throws IOException {
    try (var files = Files.list(server.dataDir())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("ingest-\\d{20}\\.ndjson"))
          .mapToLong(name -> Long.parseLong(name.replaceAll("\\D", "")))
          .min()
          .orElse(0);
    }
  }

  private void awaitRows(int count) {
    Await.until(
        () -> count + " rows, not " + database.query("SELECT count(*) FROM records"),
        SOON,
        () -> database.number("SELECT count(*) FROM records") == count);
  }

  private List<Integer> walk(String path) {
    List<Integer> seen = new ArrayList<>();
    for (String at = path; at != null; ) {
      Curl.Answer page = get(at);
      assertThat(page.headers().get("spillway-source")).as(page.body()).isEqualTo("postgres");
      seen.addAll(0, numbersOf(page.array()));
      String link = page.headers().get("link");
      at = link == null ? null : link.replaceAll("^<|>; rel=\"prev\"$", "");
    }
    return seen;
  }

  private static void addOffsets(JsonObject page, List<Integer> seen, long next) {
    long offset = next;
    for (Object record : page.getJsonArray("records")) {
      assertThat(((JsonObject) record).getLong("_offset")).isEqualTo(offset++);
    }
    seen.addAll(numbersOf(page.getJsonArray("records")));
  }

  private static List<Integer> numbersOf(JsonArray records) {
    return records.stream().map(record -> ((JsonObject) record).getInteger("n")).toList();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private String metrics() throws IOException, InterruptedException {
    return Http.get(server.httpUrl() + "/metrics").body();
  }
}
