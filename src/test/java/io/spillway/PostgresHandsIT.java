package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Http;
import io.spillway.kit.PlainSender;
import io.spillway.kit.Postgres;
import io.spillway.kit.Proof;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The PostgreSQL sink, where others have had their hands in the database,")
class PostgresHandsIT {
  private static final Duration SOON = Duration.ofSeconds(90);

  @RegisterExtension final Site site = new Site();
  private Postgres database;
  private Spillway server;

  @BeforeEach
  void prepare() {
    database = new Postgres(site).startWithDatabase();
    server =
        Spillway.server(site)
            .set("sinks.postgres.url", database.url())
            .set("sinks.postgres.password", Postgres.PASSWORD)
            .set("sinks.postgres.timeoutMs", 5_000);
  }

  @Test
  @Proof
  @DisplayName(
      "counts what a trigger takes out, tells of it and goes on; what was there is no such")
  void takenOut() throws Exception {
    startWithOne();
    before("INSERT", "records", "NEW.record->>'n' LIKE '%5'", "RETURN NULL;");
    send(1, 20); // 5 and 15
    awaitCount("records", 19);
    String told = server.proc().awaitLine("\\[postgres].*reported no error", SOON);
    assertThat(told).contains("2 records are not in \"records\"", "offset 6", "change the trigger");
    awaitHealth("\"takenOut\":2,?");
    assertThat(health())
        .contains("\"status\":\"degraded\"", "2 records are not in", "\"rejected\":0");
    assertThat(counted("written")).isEqualTo(19);
    assertThat(counted("taken_out")).isEqualTo(2);
    assertThat(counted("present")).isZero();

    send(25, 1); // alone, and all of its batch
    awaitHealth("\"takenOut\":3,?");
    assertThat(server.stored().lines()).hasSize(22);
    assertThat(lines("reported no error")).isEqualTo(1);

    server.terminate();
    database.query("UPDATE records_sink SET next = 0"); // all of it once more
    database.query("DROP TRIGGER hand ON records");
    server.start();
    awaitCount("records", 22);
    awaitHealth("\"present\":19,?");
    assertThat(counted("written")).isEqualTo(3);
    assertThat(counted("taken_out")).isZero();
    assertThat(health()).contains("\"status\":\"ok\"");
  }

  @Test
  @DisplayName("counts what a trigger puts under one key, but not what it gives keys of their own")
  void oneKey() throws Exception {
    startWithOne();
    before("INSERT", "records", "true", "NEW.id := 'my-' || NEW.id; RETURN NEW;");
    send(1, 10);
    awaitCount("records", 11);
    awaitHealth("\"written\":11,?");
    server.terminate();
    database.query(
        "UPDATE records_sink SET next = 2"); // keys that are not asked for, but are there
    server.start();
    awaitHealth("\"present\":10,?");
    assertThat(health()).contains("\"takenOut\":0", "\"status\":\"ok\"");

    database.query("DROP TRIGGER hand ON records");
    String one = "NEW.id := 'one'; NEW.time := '2026-03-04Z'; RETURN NEW;";
    before("INSERT", "records", "true", one);
    PlainSender.send(server, numbered(20, 10));
    awaitHealth("\"takenOut\":9,?");
    assertThat(counted("written")).isEqualTo(1);
    awaitCount("records", 12);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource("UPDATE records_sink SET next = NULL, is NULL, SET next = 0 WHERE journal")
  @DisplayName("tells of a position that is none, with a cure, and goes on when that was done")
  void position(String change, String what, String cure) throws Exception {
    startWithOne();
    server.terminate();
    database.query("ALTER TABLE records_sink ALTER COLUMN next DROP NOT NULL");
    database.query(change);
    server.start();
    PlainSender.send(server, numbered(1, 5));
    String told = server.proc().awaitLine("\\[postgres].*records_sink.*" + what, SOON);
    awaitHealth(what);

    String statement = told.substring(told.indexOf("; ") + 2);
    assertThat(statement).contains(cure);
    database.query(statement.replaceFirst(" has the journal written.*", ""));
    awaitCount("records", 6);
    awaitHealth("\"status\":\"ok\"");
  }

  @ParameterizedTest(name = "{0}")
  @Proof
  @CsvSource({
    "ALTER TABLE records_sink ALTER COLUMN next TYPE text, is of type text, next TYPE bigint USING",
    "ALTER TABLE records_sink ALTER COLUMN next TYPE int, is of type integer, next TYPE bigint USING",
    "UPDATE records_sink SET next = -7, is -7, SET next = 0 WHERE journal"
  })
  @DisplayName("tells of a position that is none, with a cure, and goes on when that was done")
  void positionToo(String change, String what, String cure) throws Exception {
    position(change, what, cure);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = "RETURN NULL;")
  @DisplayName("does not believe a position that a trigger changes or leaves as it was")
  void positionTrigger(String body) throws Exception {
    startWithOne();
    database.query("ALTER TABLE records_sink ALTER COLUMN next DROP NOT NULL");
    before("UPDATE", "records_sink", "true", body);
    PlainSender.send(server, numbered(1, 5));
    String told = server.proc().awaitLine("\\[postgres].*could not be moved", SOON);
    assertThat(told).contains("\"records_sink\"", "else drop or change the trigger");
    awaitHealth("could not be moved");
    assertThat(database.query("SELECT next FROM records_sink")).containsExactly("2");
    assertThat(database.number("SELECT count(*) FROM records")).isEqualTo(1);

    database.query("DROP TRIGGER hand ON records_sink");
    awaitCount("records", 6);
    awaitHealth("\"status\":\"ok\"");
    assertThat(health()).contains("\"rejected\":0");
  }

  @ParameterizedTest(name = "{0}")
  @Proof
  @ValueSource(
      strings = {
        "NEW.next := OLD.next; RETURN NEW;",
        "NEW.next := NEW.next + 100; RETURN NEW;",
        "NEW.next := NULL; RETURN NEW;"
      })
  @DisplayName("does not believe a position that a trigger changes or leaves as it was")
  void positionTriggerToo(String body) throws Exception {
    positionTrigger(body);
  }

  @ParameterizedTest(name = "{0}")
  @Proof
  @ValueSource(strings = {"DELETE FROM records_sink", "UPDATE records_sink SET next = 2"})
  @DisplayName("goes on with all when its position was set back by hand, and stands at the end")
  void setBack(String change) throws Exception {
    server.set("sinks.postgres.batchRecords", 10);
    startWithOne();
    send(1, 15);
    awaitCount("records", 16);
    database.query(change);
    send(16, 5);
    awaitCount("records", 21);
    awaitHealth("\"position\":22\\D");
    assertThat(health()).contains("\"status\":\"ok\"");
    assertThat(server.proc().awaitLine("could not be moved", SOON)).contains("deleted its row");
  }

  @ParameterizedTest(name = "{0}")
  @Proof
  @ValueSource(
      strings = {"DELETE FROM records_sink;", "UPDATE records_sink SET next = 1 WHERE next > 1;"})
  @DisplayName(
      "tries ever later where a trigger takes the position away afterwards, and says it once")
  void positionAfter(String body) throws Exception {
    startWithOne();
    database.query(
        "CREATE FUNCTION hand() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN %s RETURN NULL; END$$"
            .formatted(body));
    database.query(
        "CREATE TRIGGER hand AFTER UPDATE ON records_sink FOR EACH ROW EXECUTE FUNCTION hand()");
    send(1, 5);
    awaitCount("records", 6);
    send(6, 5);
    String told = server.proc().awaitLine("\\[postgres].*a moment later", SOON);
    assertThat(told).contains("AFTER UPDATE");
    awaitHealth("\"retries\":[4-9],?");
    awaitHealth("a moment later");
    assertThat(lines("works again")).isZero();
    assertThat(lines("a moment later")).isLessThanOrEqualTo(2);

    database.query("DROP TRIGGER hand ON records_sink");
    awaitHealth("\"status\":\"ok\"");
    awaitCount("records", 11);
  }

  @Proof
  @ParameterizedTest(name = "{0} ON {1}")
  @CsvSource("INSERT, records, DO INSTEAD NOTHING")
  @DisplayName("names a rule that PostgreSQL refuses to work with, and how to drop it")
  void rules(String what, String table, String does) throws Exception {
    startWithOne();
    database.query("CREATE RULE hand AS ON %s TO %s %s".formatted(what, table, does));
    database.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE application_name = 'spillway'");
    send(1, 5);
    String told = server.proc().awaitLine("\\[postgres].*0A000", SOON);
    awaitHealth("DROP RULE");
    database.query(told.substring(told.indexOf("DROP RULE")));
    awaitCount("records", 6);
    awaitHealth("\"status\":\"ok\"");
    assertThat(health()).contains("\"rejected\":0");
  }

  @ParameterizedTest(name = "{0} ON {1}")
  @Proof
  @CsvSource({
    "INSERT, records, DO ALSO NOTIFY x",
    "UPDATE, records_sink, DO INSTEAD NOTHING",
    "INSERT, records_sink, DO INSTEAD NOTHING"
  })
  @DisplayName("names a rule that PostgreSQL refuses to work with, and how to drop it")
  void rulesToo(String what, String table, String does) throws Exception {
    rules(what, table, does);
  }

  @Proof
  @Test
  @DisplayName("halves a batch that takes longer than its user may, and names the cure")
  void statementTimeout() throws Exception {
    startWithOne();
    before("INSERT", "records", "true", "PERFORM pg_sleep(0.02); RETURN NEW;");
    database.query("ALTER ROLE spillway IN DATABASE spillway SET statement_timeout = '600ms'");
    database.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE application_name = 'spillway'");
    send(1, 100);
    awaitCount("records", 101);
    assertThat(server.proc().awaitLine("\\[postgres].*57014", SOON))
        .contains("raise statement_timeout", "batchRecords");
    awaitHealth("\"status\":\"ok\"");
    assertThat(health()).contains("\"rejected\":0");
  }

  @Test
  @Proof
  @DisplayName("tells of a row of positions that a trigger leaves out or begins anywhere")
  void newPosition() throws Exception {
    startWithOne();
    server.terminate();
    database.query("DELETE FROM records_sink");
    before("INSERT", "records_sink", "true", "RETURN NULL;");
    server.start();
    assertThat(server.proc().awaitLine("\\[postgres].*has no row for journal", SOON))
        .contains("\"records_sink\"", "; drop or change the trigger");
    database.query("DROP TRIGGER hand ON records_sink");
    before("INSERT", "records_sink", "true", "NEW.next := 100; RETURN NEW;");
    assertThat(server.proc().awaitLine("\\[postgres].*begins with 100", SOON))
        .contains("; drop the trigger");
  }

  @Test
  @Proof
  @DisplayName("names the cure where the default partition is missing")
  void noDefaultPartition() throws Exception {
    startWithOne();
    database.query("DROP TABLE records_default");
    PlainSender.send(server, "{\"timestamp\":\"9999-12-31T00:00:00Z\"}");
    PlainSender.send(server, "{\"timestamp\":\"9998-12-31T00:00:00Z\"}");
    Await.until("both are set aside, or wait", SOON, () -> health().matches(WAIT_OR_ASIDE));
    server.terminate();
    database.query("UPDATE records_sink SET next = 2");
    server.start();
    String told = server.proc().awaitLine("\\[postgres].*no partition of relation", SOON);
    String cure = told.substring(told.indexOf("CREATE TABLE"), told.indexOf(", which is to have"));
    awaitHealth("CREATE TABLE");

    database.query(cure);
    awaitHealth("\"status\":\"ok\"");
    awaitCount("records", 3);
  }

  private static final String WAIT_OR_ASIDE = "(?s).*(\"rejected\":2|refuses what waits).*";

  @ParameterizedTest(name = "on {0}")
  @Proof
  @ValueSource(strings = {"records", "records_sink"})
  @DisplayName("names the cure where row-level security refuses what it writes")
  void rowLevelSecurity(String table) throws Exception {
    // The user that the tests have is a superuser, whom no policy binds.
    database.query("CREATE ROLE bound LOGIN PASSWORD '" + Postgres.PASSWORD + "'");
    database.query("GRANT ALL ON DATABASE spillway TO bound");
    database.query("GRANT ALL ON SCHEMA public TO bound");
    server.set("sinks.postgres.url", database.url().replace("spillway@", "bound@"));
    startWithOne();
    database.query("ALTER TABLE %s ENABLE ROW LEVEL SECURITY".formatted(table));
    database.query("ALTER TABLE %s FORCE ROW LEVEL SECURITY".formatted(table));
    database.query("CREATE POLICY none ON %s USING (true) WITH CHECK (false)".formatted(table));
    PlainSender.send(server, numbered(1, 5));
    String told = server.proc().awaitLine("\\[postgres].*42501 .*row-level security", SOON);
    assertThat(told).contains("ALTER TABLE \"" + table + "\" DISABLE ROW LEVEL SECURITY");
    awaitHealth("DISABLE ROW LEVEL SECURITY");

    int cure = told.indexOf("CREATE POLICY");
    database.query(told.substring(cure, told.indexOf(")", told.indexOf("CHECK", cure)) + 1));
    awaitCount("records", 6);
    awaitHealth("\"status\":\"ok\"");
  }

  @Test
  @Proof
  @DisplayName("says once of a partition that it cannot be made, however often it connects")
  void coveredOnce() throws Exception {
    startWithOne();
    server.terminate();
    String partitions =
        "SELECT relid::text FROM pg_partition_tree('records') WHERE isleaf"
            + " AND relid::text <> 'records_default'";
    database.query(partitions).forEach(name -> database.query("DROP TABLE " + name));
    database.query(
        "CREATE TABLE mine PARTITION OF records FOR VALUES FROM ('2000-01-01') TO ('2100-01-01')");
    server.start();
    server.proc().awaitLine("no partition from", SOON);
    for (int n = 2; n < 5; n++) {
      send(n, 1);
      awaitCount("records", n - 1);
      database.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'spillway'");
    }
    send(9, 1);
    awaitCount("records", 4);
    assertThat(lines("no partition from")).isEqualTo(3); // of the records, and of now
  }

  @Proof
  @Test
  @DisplayName("writes a time of before 1970 as it is told")
  void longAgo() throws Exception {
    server.set("server.live.anonymous", true);
    startWithOne();
    PlainSender.send(server, "{\"timestamp\":\"1969-12-31T23:59:59Z\",\"n\":\"old\"}");
    awaitCount("records WHERE time = '1969-12-31 23:59:59Z'", 1);
    assertThat(Http.get(server.httpUrl() + "/api/iaq/data?to=1970-01-01").body()).contains("old");
  }

  // --- what the tests do

  private void startWithOne() {
    server.start();
    server.proc().awaitLine("has nothing of journal", SOON);
    send(0, 1);
    awaitCount("records", 1);
  }

  private void before(String what, String table, String when, String body) {
    database.query(
        "CREATE OR REPLACE FUNCTION hand() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN %s END$$"
            .formatted(body));
    database.query(
        "CREATE TRIGGER hand BEFORE %s ON %s FOR EACH ROW WHEN (%s) EXECUTE FUNCTION hand()"
            .formatted(what, table, when));
  }

  private void send(int first, int count) {
    PlainSender.send(server, numbered(first, count));
  }

  private static String[] numbered(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(n -> "{\"n\":\"%d\",\"timestamp\":%d}".formatted(n, 1_772_600_000 + n))
        .toArray(String[]::new);
  }

  private void awaitCount(String what, long count) {
    List<String> expected = List.of(String.valueOf(count));
    String sql = "SELECT count(*) FROM " + what;
    Await.until(
        () -> count + " of " + what + ", not " + database.query(sql),
        SOON,
        () -> database.query(sql).equals(expected));
  }

  private void awaitHealth(String pattern) {
    Await.until(
        "health tells: " + pattern, SOON, () -> health().matches("(?s).*" + pattern + ".*"));
  }

  private long lines(String text) {
    return server.proc().lines().stream().filter(line -> line.contains(text)).count();
  }

  private String health() throws Exception {
    return Http.get(server.httpUrl() + "/health").body();
  }

  private long counted(String what) throws Exception {
    String line = "spillway_sink_" + what + "_total{sink=\"postgres\"} ";
    return Http.get(server.httpUrl() + "/metrics")
        .body()
        .lines()
        .filter(each -> each.startsWith(line))
        .mapToLong(each -> (long) Double.parseDouble(each.substring(line.length())))
        .findFirst()
        .orElseThrow();
  }
}
