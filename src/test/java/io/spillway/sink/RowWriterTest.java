package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.message.Lines;
import io.spillway.sink.RowReader.Rows;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A record that is in the table")
class RowWriterTest {
  @Test
  @DisplayName("is tried out with another id and at another time, which unique indexes may be on")
  void asAnother() throws Exception {
    byte[] line =
        "{\"_id\":\"a\",\"_topic\":\"t\",\"timestamp\":\"2026-01-31T23:59:59.5Z\"}\n"
            .getBytes(StandardCharsets.UTF_8);
    SinkBatch record = new SinkBatch(2, 1, new Lines(line, 1));
    Rows rows = new RowReader("j", List.of()).read(record, 0);
    RowWriter.asAnother(rows);
    assertThat(rows.ids).containsExactly("a/tried");
    assertThat(rows.times).containsExactly(OffsetDateTime.parse("2026-01-31T23:59:59.500001Z"));
    assertThat(rows.topics).containsExactly("t");
  }
}
