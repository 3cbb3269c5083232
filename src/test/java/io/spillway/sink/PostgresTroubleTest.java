package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.PartitionBy;
import io.spillway.config.PostgresConfig;
import io.spillway.config.PostgresUrl;
import io.spillway.config.SinkConfig;
import io.spillway.config.TlsMode;
import io.spillway.sink.Destination.Refused;
import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An error of PostgreSQL")
class PostgresTroubleTest {
  private final PostgresTrouble trouble = new PostgresTrouble(config());

  @ParameterizedTest
  @ValueSource(strings = {"22021", "22P05"})
  @DisplayName("is of the record where no table would take its text")
  void ofRecord(String code) {
    assertThat(PostgresTrouble.isRefusal(error(code))).isTrue();
    assertThat(trouble.refusal(error(code)).cure()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "22P02", "22003", "22001", "23502", "23505", "23514", "54000", "42501", "P0001", "P0004",
        "20000", "21000", "45000", "ZX001"
      })
  @DisplayName(
      "may be of everything where a rule of somebody's may have raised it, and is found out")
  void ofAll(String code) {
    assertThat(PostgresTrouble.isRefusal(error(code))).isTrue();
    assertThat(trouble.refusal(error(code)).cure()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08006", "25006", "28P01", "3D000", "40001", "40P01", "42P01", "42703", "42P10", "53100",
        "53200", "55P03", "57P01", "58030", "XX001"
      })
  @DisplayName("is no refusal where it says how the server is")
  void ofServer(String code) {
    assertThat(PostgresTrouble.isRefusal(error(code))).isFalse();
  }

  @Test
  @DisplayName("is of the size where a statement was cancelled, with both cures")
  void ofSize() {
    assertThat(PostgresTrouble.isRefusal(error("57014"))).isTrue();
    Refused refused = trouble.refusal(error("57014"));
    assertThat(refused.isOfSize()).isTrue();
    assertThat(refused.cure()).contains("statement_timeout", "sinks.postgres.batchRecords");
    assertThat(trouble.refusal(error("P0001")).isOfSize()).isFalse();
    assertThat(trouble.explain(error("57014")).words()).contains("raise statement_timeout");
  }

  @Test
  @DisplayName("is of the record that is refused without the table, too, and needs no cure")
  void ofItself() {
    Refused refused = PostgresTrouble.ofItself(error("22P02"));
    assertThat(refused.cure()).isNull();
    assertThat(refused).hasMessage("22P02 no");
  }

  @ParameterizedTest
  @CsvSource({
    "54000, 2601, true",
    "54000, 2600, false",
    "54001, 9999, false",
    "22P02, 9999, false",
    "P0001, 9999, false"
  })
  @DisplayName("is of a text that is too long for an index which the table is made with")
  void tooLong(String code, int bytes, boolean isIt) {
    assertThat(PostgresTrouble.isTooLong(error(code), bytes)).isEqualTo(isIt);
  }

  @Test
  @DisplayName("is a double where a unique index has the row")
  void doubled() {
    assertThat(PostgresTrouble.isDouble(error("23505"))).isTrue();
    assertThat(PostgresTrouble.isDouble(error("23514"))).isFalse();
    assertThat(PostgresTrouble.isDouble(error(null))).isFalse();
  }

  @Test
  @DisplayName("is no refusal without a code")
  void noCode() {
    assertThat(PostgresTrouble.isRefusal(error(null))).isFalse();
    assertThat(PostgresTrouble.isOfQuestion(error(null))).isFalse();
    assertThat(PostgresTrouble.isRefusal(new IllegalStateException("no"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"22003, true", "54000, true", "42501, false", "42P01, false", "ZX001, false"})
  @DisplayName("is of a question where others are answered")
  void ofQuestion(String code, boolean isIt) {
    assertThat(PostgresTrouble.isOfQuestion(error(code))).isEqualTo(isIt);
  }

  @Test
  @DisplayName("names a cure that is one, if all is refused")
  void cures() {
    Refused forbidden = trouble.refusal(error("42501"));
    assertThat(forbidden.cure())
        .contains(
            "grant user u SELECT and INSERT on \"t\", and SELECT, INSERT and UPDATE on"
                + " \"t_sink\"",
            "policy");
    assertThat(forbidden.fault("h:1/d").kind()).isEqualTo(FaultKind.FORBIDDEN);
    assertThat(trouble.refusal(error("22P02")).cure()).contains("index, column type or trigger");
    assertThat(trouble.refusal(of("c", null)).cure())
        .isEqualTo("drop or change constraint c in table t");
    assertThat(trouble.refusal(of(null, "x")).cure())
        .isEqualTo("drop or change NOT NULL of column x in table t");
    assertThat(trouble.explain(error("42P10")).words())
        .contains("CREATE UNIQUE INDEX ON \"t\" (id, time)");
  }

  @Test
  @DisplayName(
      "tells of an answer that the client stumbles over as of something else's, with a cure")
  void notPostgres() {
    assertThat(trouble.explain(new ClassCastException("no row")).words())
        .isEqualTo(
            "h:1/d: what it answers cannot be read; is it PostgreSQL? check sinks.postgres.url");
    assertThat(trouble.explain(Future.failedFuture("Only arrays of dimension 1").cause()).words())
        .contains("cannot be read")
        .doesNotContain("arrays");
  }

  @Test
  @DisplayName("is told of in own words where the other side does not say what it speaks")
  void notUtf8() {
    String text = "null is not supported in the client only UTF8"; // of the client
    assertThat(trouble.explain(Future.failedFuture(text).cause()).words())
        .contains("UTF-8", "client_encoding")
        .doesNotContain("null", "not supported");
  }

  @Test
  @DisplayName("keeps what the network and the event bus say")
  void network() {
    assertThat(trouble.explain(new ConnectException("x")).kind()).isEqualTo(FaultKind.REFUSED);
    for (String closed :
        List.of(
            "Pending requests failed to be sent due to connection has been closed.",
            "Connection is not active now, current status: CLOSED",
            "Connection is not active now, current status: CLOSING")) {
      assertThat(trouble.explain(new VertxException(closed, true)).words())
          .isEqualTo("h:1/d: the connection is lost");
    }
    assertThat(trouble.explain(new VertxException("Connection was closed", true)))
        .isEqualTo(new Fault(FaultKind.CUT, "h:1/d: the connection is lost"));
  }

  @Test
  @DisplayName("names the policy that refuses, and the table it is on, whatever the language")
  void policies() {
    PgException rows = at("ExecWithCheckOptions", "42501", "violates … »t«");
    PgException position = at("ExecWithCheckOptions", "42501", "violates … »t_sink«");
    assertThat(trouble.refusal(rows).cure())
        .contains("row-level security", "POLICY u ON \"t\" TO u", "\"t\" DISABLE");
    assertThat(trouble.refusal(position).cure()).contains("POLICY u ON \"t_sink\" TO u");
    assertThat(trouble.explain(position).words()).contains("POLICY u ON \"t_sink\" TO u");
    assertThat(trouble.explain(at("aclcheck_error", "42501", "denied for table t_sink")).words())
        .contains("grant user u SELECT and INSERT on \"t\"");
    assertThat(trouble.explain(at("aclcheck_error", "42501", "denied for schema public")).words())
        .contains("needs the right to make tables");
  }

  @Test
  @DisplayName("names the default partition that is missing")
  void partition() {
    assertThat(trouble.refusal(at("ExecFindPartition", "23514", "no partition")).cure())
        .contains("CREATE TABLE \"t_default\" PARTITION OF \"t\" DEFAULT");
  }

  @Test
  @DisplayName("is of a changed position only with words that no record can know")
  void mark() {
    String text = "invalid input syntax for type bigint: ";
    assertThat(PostgresTrouble.isMark(at("", "22P02", text + TableSql.MARK + "7"))).isTrue();
    assertThat(PostgresTrouble.isMark(at("", "22P02", text + "position changed"))).isFalse();
    assertThat(PostgresTrouble.isMark(new IllegalStateException(TableSql.MARK))).isFalse();
  }

  private static PgException error(String code) {
    return new PgException("no", "ERROR", code, null);
  }

  private static PgException at(String routine, String code, String text) {
    return new PgException(
        text, "ERROR", code, null, null, null, null, null, null, null, null, routine, "public", "t",
        null, null, null);
  }

  private static PgException of(String constraint, String column) {
    return new PgException(
        "no",
        "ERROR",
        "23000",
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        "public",
        "t",
        column,
        null,
        constraint);
  }

  private static PostgresConfig config() {
    Duration second = Duration.ofSeconds(1);
    return new PostgresConfig(
        new PostgresUrl("h", 1, "d", "u", null),
        null,
        TlsMode.DISABLE,
        null,
        "t",
        PartitionBy.DAY,
        List.of(),
        new SinkConfig(1, 1_024, Duration.ZERO, 50, second),
        4,
        second);
  }
}
