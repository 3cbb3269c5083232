package io.spillway.server.search;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.message.Lines;
import io.spillway.message.Texts;
import io.spillway.server.records.Selection;
import io.spillway.server.search.RecordsSearch.Query;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("The search for records")
@ExtendWith(VertxExtension.class)
class RecordsSearchTest {
  private static final String OWN = "00000000000a";
  private static final String OTHER = "00000000000b";

  private Vertx vertx;

  @BeforeEach
  void register(Vertx vertx) {
    this.vertx = vertx;
    Channels.register(vertx);
  }

  @Test
  @DisplayName("asks the database, too, if retention deletes between two looks at the journal")
  void race() {
    Channels.RECORDS_READ.answer(
        vertx,
        request ->
            Future.succeededFuture(
                request.maxRecords() == 0 ? held(OWN, 1, 11, request) : held(OWN, 5, 11, request)));
    database(1, 9);
    JsonObject page = search(OWN, 2, 3);
    assertThat(offsets(page)).containsExactly(2L, 3L, 4L);
    assertThat(page.getString("source")).isEqualTo("postgres");
    assertThat(page.containsKey("gap")).isFalse();
    assertThat(page.getLong("end")).isEqualTo(11);
  }

  @Test
  @DisplayName("takes the journal where the database has nothing that is older")
  void nothingOlder() {
    journal(5, 11);
    database(7, 9);
    JsonObject page = search(null, 2, 3);
    assertThat(offsets(page)).containsExactly(5L, 6L, 7L);
    assertThat(page.getJsonObject("gap").encode()).isEqualTo("{\"from\":2,\"to\":5}");
    assertThat(page.getString("source")).isEqualTo("journal");
    assertThat(page.containsKey("note")).isFalse();
  }

  @Test
  @DisplayName("answers what it has when the database fails in the middle")
  void failsInTheMiddle() {
    journal(5_000, 5_001);
    int[] asked = {0};
    Channels.RECORDS_QUERY.answer(
        vertx,
        request ->
            asked[0]++ == 0
                ? Future.succeededFuture(held(OWN, 1, 4_000, request.range()))
                : Future.failedFuture("gone"));
    JsonObject page = search(null, 1, 3_000);
    assertThat(offsets(page)).hasSize(1_000);
    assertThat(page.getLong("next")).isEqualTo(1_001);
    assertThat(page.getString("source")).isEqualTo("postgres");
  }

  @Test
  @DisplayName("tells the gap of the journal with the reason why the database has not answered")
  void databaseAway() {
    journal(5, 11);
    Channels.RECORDS_QUERY.answer(
        vertx, request -> Future.failedFuture(BusFailure.FULL.because("too many")));
    JsonObject page = search(null, 2, 1);
    assertThat(page.getJsonObject("gap").encode()).isEqualTo("{\"from\":2,\"to\":5}");
    assertThat(page.getString("note")).isEqualTo("too many");
    JsonObject newest = search(null, RecordsSearch.NEWEST, 100);
    assertThat(offsets(newest)).hasSize(6);
    assertThat(newest.getString("note")).isEqualTo("too many");
    assertThat(failure(page(OTHER, 1, 1))).hasMessage("too many");
  }

  @Test
  @DisplayName("goes on in another journal as far as the database knows it, and no further")
  void otherJournal() {
    journal(1, 5);
    database(3, 9);
    JsonObject first = search(OTHER, 1, 4);
    assertThat(offsets(first)).containsExactly(3L, 4L, 5L, 6L);
    assertThat(first.getJsonObject("gap").encode()).isEqualTo("{\"from\":1,\"to\":3}");
    assertThat(first.getString("journal")).isEqualTo(OTHER);
    assertThat(first.getLong("end")).isEqualTo(9);
    JsonObject ahead = search(OTHER, 12, 4);
    assertThat(ahead.getLong("next")).isEqualTo(12).isEqualTo(ahead.getLong("end"));
    assertThat(ahead.containsKey("reset")).isFalse();
    assertThat(offsets(search(OTHER, RecordsSearch.NEWEST, 2))).containsExactly(7L, 8L);
  }

  @Test
  @DisplayName("tells a journal that nobody knows as another one")
  void unknownJournal() {
    journal(1, 5);
    Channels.RECORDS_QUERY.answer(
        vertx, request -> Future.succeededFuture(new Records(OTHER, 0, Lines.NONE, 0, 0)));
    JsonObject page = search(OTHER, 3, 1);
    assertThat(page.getBoolean("reset")).isTrue();
    assertThat(page.getLong("next")).isEqualTo(5);
    assertThat(page.getString("journal")).isEqualTo(OWN);
  }

  @Test
  @DisplayName("adds from the database to the newest, where retention has left too few")
  void newest() {
    journal(8, 11);
    database(1, 10);
    JsonObject page = search(null, RecordsSearch.NEWEST, 5);
    assertThat(offsets(page)).containsExactly(6L, 7L, 8L, 9L, 10L);
    assertThat(page.getString("source")).isEqualTo("postgres");
    assertThat(search(null, RecordsSearch.NEWEST, 3).getString("source")).isEqualTo("journal");
  }

  private void journal(long oldest, long end) {
    Channels.RECORDS_READ.answer(
        vertx, request -> Future.succeededFuture(held(OWN, oldest, end, request)));
  }

  private void database(long oldest, long end) {
    Channels.RECORDS_QUERY.answer(
        vertx,
        request -> Future.succeededFuture(held(request.journal(), oldest, end, request.range())));
  }

  private static Records held(String journal, long oldest, long end, ReadRequest request) {
    long first = Math.min(end, Math.max(request.from(), oldest));
    List<String> records =
        LongStream.range(first, Math.min(end, first + request.maxRecords()))
            .mapToObj(offset -> "{}")
            .toList();
    Lines lines = records.isEmpty() ? Lines.NONE : Texts.lines(records);
    return new Records(journal, first, lines, oldest, end);
  }

  private Future<RecordsPage> page(String journal, long since, int limit) {
    Query query = new Query(journal, since, limit, Selection.ALL);
    return new RecordsSearch(new SearchSetup(vertx, TimeSource.SYSTEM, List.of(), true), query)
        .run();
  }

  private JsonObject search(String journal, long since, int limit) {
    return new JsonObject(JsonBodies.text(await(page(journal, since, limit)).toJson()));
  }

  private static List<Long> offsets(JsonObject page) {
    return page.getJsonArray("records").stream()
        .map(record -> ((JsonObject) record).getLong("_offset"))
        .toList();
  }
}
