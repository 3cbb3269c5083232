package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.NewestRequest;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.TableRequest;
import io.spillway.message.RecordKey;
import io.spillway.sink.RecordQueries.Question;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The questions to a table")
class RecordQueriesTest {
  private static final String NASTY = "'; DROP TABLE t; --";
  private final RecordQueries queries = new RecordQueries("t", 6);

  @Test
  @DisplayName("have what is asked for only in their parameters, each of which is used")
  void parameters() {
    Question all =
        queries.newest(
            new NewestRequest(
                NASTY,
                Map.of("sensor_id", NASTY, "salle", NASTY, "enseigne", NASTY),
                List.of(NASTY),
                1L,
                2L,
                new RecordKey(3, NASTY),
                4,
                5));
    assertThat(all.sql()).doesNotContain("DROP");
    assertThat(used(all.sql())).isEqualTo(all.parameters().size()).isEqualTo(12);

    Question none = queries.newest(newest(Map.of(), null, null));
    assertThat(none.sql()).doesNotContain("WHERE type", "time >=", "time <");
    assertThat(used(none.sql())).isEqualTo(none.parameters().size()).isEqualTo(4);

    Question records = queries.records(new TableRequest(NASTY, new ReadRequest(1, 2, 3)));
    assertThat(records.sql()).doesNotContain("DROP");
    assertThat(used(records.sql())).isEqualTo(records.parameters().size()).isEqualTo(5);
  }

  @Test
  @DisplayName("know three members, and take no other name into their text")
  void unknownMembers() {
    Map<String, String> equal = new HashMap<>(Map.of("x' OR '", "1"));
    assertThat(queries.newest(newest(equal, null, null)).sql()).doesNotContain("OR '");
  }

  @Test
  @DisplayName("keep times within those that records have, as others are an error of PostgreSQL")
  void times() {
    Question far = queries.newest(newest(Map.of(), -999_999_999_999_999L, 999_999_999_999_999L));
    assertThat(far.parameters().getValue(4)).isEqualTo(OffsetDateTime.parse("1600-01-01T00:00Z"));
    assertThat(far.parameters().getValue(5)).isEqualTo(OffsetDateTime.parse("+10000-01-01T00:00Z"));
  }

  private static NewestRequest newest(Map<String, String> equal, Long fromMs, Long toMs) {
    return new NewestRequest("j", equal, List.of(), fromMs, toMs, null, 1, 1);
  }

  /** The highest parameter, if all below are there, too. */
  private static long used(String sql) {
    return Pattern.compile("\\$\\d+")
        .matcher(sql)
        .results()
        .map(MatchResult::group)
        .distinct()
        .count();
  }
}
