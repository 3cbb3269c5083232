package io.spillway.message;

import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The key of a record")
class RecordKeyTest {
  private static final long NOW_MS = 5_000;

  @Test
  @DisplayName("is its own time, else when it came, else now, and its own id, else the one given")
  void read() {
    assertThat(key("{\"_id\":\"a\",\"timestamp\":1772600767.5,\"_ts_src\":\"2026-01-01T00:00Z\"}"))
        .contains(new RecordKey(1_772_600_767_500_000L, "a"));
    assertThat(
            key("{\"timestamp\":\"?\",\"x\":[{\"_id\":\"b\"}],\"_ts_src\":\"2026-01-01T00:00Z\"}"))
        .contains(RecordKey.of(OffsetDateTime.parse("2026-01-01T00:00Z"), "j.1"));
    assertThat(key("{\"_id\":7,\"timestamp\":{\"a\":[1]}}"))
        .contains(new RecordKey(NOW_MS * 1_000, "j.1"));
    assertThat(key("{\"_id\":\"a\",\"_id\":\"b\"}").orElseThrow().id()).isEqualTo("b");
    assertThat(key("[1]")).isEmpty();
    assertThat(key("{\"a\":")).isEmpty();
  }

  @Test
  @DisplayName("orders by time, then by the bytes of the id as PostgreSQL's collation C does")
  void order() {
    assertThat(new RecordKey(1, "z")).isLessThan(new RecordKey(2, "a"));
    assertThat(new RecordKey(1, "Z")).isLessThan(new RecordKey(1, "a"));
    assertThat(new RecordKey(1, "a")).isLessThan(new RecordKey(1, "é"));
    // As UTF-16 it would be the other way round.
    assertThat(new RecordKey(1, "\uff5e")).isLessThan(new RecordKey(1, "\ud83d\ude00"));
    assertThat(new RecordKey(1, "a")).isEqualByComparingTo(new RecordKey(1, "a"));
  }

  @Test
  @DisplayName("is read again from the text that it writes, whatever the id")
  void text() {
    for (String id : new String[] {"e.1.1", "~", "a~b\n'--", "é"}) {
      RecordKey key = new RecordKey(1_772_600_767_500_000L, id);
      assertThat(RecordKey.parse(key.toString())).contains(key);
    }
    assertThat(RecordKey.parse("-1~a")).contains(new RecordKey(-1, "a"));
    assertThat(new RecordKey(-1, "a").time()).isEqualTo("1969-12-31T23:59:59.999999Z");
    assertThat(new RecordKey(1_500_000, "a").time()).isEqualTo("1970-01-01T00:00:01.5Z");
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(strings = {"", "1", "~a", "1~", "--1~a", "1234567890123456789~a", "x~a", " 1~a"})
  @DisplayName("is not read from anything else")
  void unreadable(String text) {
    assertThat(RecordKey.parse(text)).isEmpty();
  }

  private static Optional<RecordKey> key(String json) {
    byte[] line = utf8(json);
    return RecordKey.of(line, 0, line.length, "j.1", NOW_MS);
  }
}
