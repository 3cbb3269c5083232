package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.message.Texts;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The reader of rows")
class RowReaderTest {
  private static final long NOW_MS = Instant.parse("2026-01-02T03:04:05.006Z").toEpochMilli();
  private final RowReader reader =
      new RowReader("j", List.of(List.of("temp"), List.of("values", "co2"), List.of("values")));

  @Test
  @DisplayName("gives a record without an id one of journal and offset, and the time of storing")
  void without() throws Destination.Refused {
    RowReader.Rows rows = reader.read(new SinkBatch(7, 7, Texts.lines("{}", "{\"a\":1}")), NOW_MS);

    assertThat(rows.ids).containsExactly("j.7", "j.8");
    assertThat(rows.times[0].toInstant()).isEqualTo(Instant.ofEpochMilli(NOW_MS));
    assertThat(rows.types).containsExactly("measurement", "measurement");
    assertThat(rows.topics).containsOnlyNulls();
    assertThat(rows.records).containsExactly("{}", "{\"a\":1}");
  }

  @Test
  @DisplayName("takes the own timestamp before that of the edge, and the last of equal members")
  void times() throws Destination.Refused {
    String both =
        "{\"timestamp\":%s,\"_ts_src\":\"2026-05-05T00:00:00.000Z\",\"_id\":\"a\",\"_id\":\"b\"}";
    RowReader.Rows rows =
        reader.read(
            new SinkBatch(
                1, 1, Texts.lines(both.formatted("1772600767"), both.formatted("{\"x\":1}"))),
            NOW_MS);

    assertThat(rows.times[0].toInstant()).isEqualTo(Instant.ofEpochSecond(1_772_600_767));
    assertThat(rows.times[1].toInstant()).isEqualTo(Instant.parse("2026-05-05T00:00:00Z"));
    assertThat(rows.ids).containsExactly("b", "b");
  }

  @Test
  @DisplayName("finds numbers at their paths, and takes nothing else for one")
  void numbers() throws Destination.Refused {
    RowReader.Rows rows =
        reader.read(
            new SinkBatch(
                1,
                1,
                Texts.lines(
                    "{\"temp\":21.5,\"values\":{\"co2\":400,\"deep\":{\"co2\":1}}}",
                    "{\"temp\":\"21.5\",\"values\":[{\"co2\":400}]}",
                    "{\"temp\":1e999,\"values\":3}",
                    "{\"inner\":{\"temp\":1},\"temp\":-0.5}")),
            NOW_MS);

    assertThat(rows.numbers[0]).containsExactly(21.5, null, null, -0.5);
    assertThat(rows.numbers[1]).containsExactly(400.0, null, null, null);
    assertThat(rows.numbers[2]).containsExactly(null, null, 3.0, null);
  }

  @Test
  @DisplayName("refuses what is no JSON object")
  void notJson() {
    for (String line : List.of("[1]", "text", "{\"a\":", "{} {}", "")) {
      assertThatThrownBy(() -> reader.read(new SinkBatch(1, 1, Texts.lines("{}", line)), NOW_MS))
          .isInstanceOf(Destination.Refused.class);
    }
  }
}
