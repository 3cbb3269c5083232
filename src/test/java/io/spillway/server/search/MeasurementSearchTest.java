package io.spillway.server.search;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.failure;
import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Channels;
import io.spillway.bus.NewestRecords;
import io.spillway.bus.NewestRecords.Found;
import io.spillway.bus.Records;
import io.spillway.message.Lines;
import io.spillway.message.RecordKey;
import io.spillway.message.Texts;
import io.spillway.server.search.MeasurementSearch.Query;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("The search for measurements")
@ExtendWith(VertxExtension.class)
class MeasurementSearchTest {
  private static final long START_S = 1_700_000_000;

  private Vertx vertx;

  @BeforeEach
  void register(Vertx vertx) {
    this.vertx = vertx;
    Channels.register(vertx);
  }

  @Test
  @DisplayName("adds what is on its way to the database, each record once")
  void merges() {
    database(3, false, found(20, 2), found(10, 0));
    journal(3, line(15, ""), line(20, ""), line(30, "\"type\":\"alert\","), line(5, ""));

    MeasurementSearch search = search(all(5));
    assertThat(times(search)).containsExactly(5, 10, 15, 20);
    assertThat(search.older()).isNull();
  }

  @Test
  @DisplayName("leaves what is older than a full page of the database for a later page")
  void floor() {
    database(3, true, found(20, 2), found(10, 1));
    journal(3, line(15, ""), line(5, ""));

    MeasurementSearch search = search(all(5));
    assertThat(times(search)).containsExactly(10, 15, 20);
    assertThat(search.older()).isEqualTo(key(10));
  }

  @Test
  @DisplayName("goes on before the oldest of a page in which not all had room")
  void limit() {
    database(3, false, found(20, 2), found(10, 1));
    journal(3, line(15, ""), line(25, ""));

    MeasurementSearch search = search(all(2));
    NewestByTime page = await(search.run());
    assertThat(search.older()).isEqualTo(key(20)); // while the records are in it
    assertThat(times(page)).containsExactly(20, 25);
  }

  @Test
  @DisplayName("asks what comes from the journal the same as the database")
  void filters() {
    database(3, false);
    journal(3, line(10, ""), line(15, "\"salle\":\"a\","), line(20, "\"salle\":\"a\","));
    journalEnds = 6;

    Query query =
        new Query(
            Map.of("salle", "a"), (START_S + 15) * 1_000, (START_S + 25) * 1_000, key(20), 10);
    assertThat(times(search(query))).containsExactly(15);
  }

  @Test
  @DisplayName("does not answer where the database is far behind")
  void behind() {
    database(1, false, found(10, 0));
    journal(1);
    journalEnds = MeasurementSearch.BEHIND_MAX + 2;
    assertThat(failure(search(all(5)).run()))
        .hasMessage("PostgreSQL is " + (MeasurementSearch.BEHIND_MAX + 1) + " records behind");
  }

  private long journalEnds;

  private void journal(long first, String... lines) {
    journalEnds = first + lines.length;
    Channels.RECORDS_READ.answer(
        vertx,
        request -> {
          boolean some = request.from() == first && request.maxRecords() > 0 && lines.length > 0;
          Lines records = some ? Texts.lines(lines) : Lines.NONE;
          long at = some ? first : journalEnds;
          return Future.succeededFuture(new Records("j", at, records, 1, journalEnds));
        });
  }

  private void database(long next, boolean more, Found... found) {
    Channels.NEWEST_QUERY.answer(
        vertx, request -> Future.succeededFuture(new NewestRecords(next, List.of(found), more)));
  }

  private MeasurementSearch search(Query query) {
    return new MeasurementSearch(new SearchSetup(vertx, TimeSource.SYSTEM, List.of(), true), query);
  }

  private static Query all(int limit) {
    return new Query(Map.of(), null, null, null, limit);
  }

  private static String line(long second, String members) {
    return "{%s\"_id\":\"e.%d\",\"timestamp\":%d}".formatted(members, second, START_S + second);
  }

  private static RecordKey key(long second) {
    return new RecordKey((START_S + second) * 1_000_000, "e." + second);
  }

  private static Found found(long second, long offset) {
    return new Found(key(second), offset, utf8(line(second, "")));
  }

  private List<Integer> times(MeasurementSearch search) {
    return times(await(search.run()));
  }

  private static List<Integer> times(NewestByTime page) {
    return new JsonArray(JsonBodies.text(page.toJson()))
        .stream()
            .map(record -> (int) (((JsonObject) record).getLong("timestamp") - START_S))
            .toList();
  }
}
