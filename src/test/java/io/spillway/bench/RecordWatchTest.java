package io.spillway.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The record watch of the bench")
class RecordWatchTest {
  private final RecordText text = new RecordText("bench", "feed");
  private final RecordWatch watch = new RecordWatch();

  @Test
  @DisplayName("is given records that are JSON and found by their place")
  void record() {
    byte[] record = record(42, 1_700_000_000_000_123L);
    JsonObject json = new JsonObject(new String(record, US_ASCII));
    assertThat(json.getLong("n")).isEqualTo(RecordText.FIRST + 42);
    assertThat(json.getLong("t")).isEqualTo(1_700_000_000_000_123L);
    assertThat(json.getString("_id")).isEqualTo("bench.feed." + (RecordText.FIRST + 42));
    assertThat(record).hasSizeBetween(RecordText.BYTES_MIN, 300);
    assertThat(RecordText.number(record)).isEqualTo(RecordText.FIRST + 42);
    assertThat(RecordText.sentMicros(record)).isEqualTo(1_700_000_000_000_123L);
  }

  @Test
  @DisplayName("counts what is missing, what comes twice and what comes late")
  void faults() {
    for (int number : new int[] {5, 6, 9, 9, 10, 8, 11}) {
      watch.record(record(number, 0), 0);
    }
    assertThat(watch.missing()).isEqualTo(2);
    assertThat(watch.outOfOrder()).isEqualTo(2);
  }

  @Test
  @DisplayName("keeps how long each took, for as many as there are")
  void times() {
    watch.record(record(0, 7), 9);
    watch.restart();
    for (int i = 1; i <= 5_000; i++) {
      watch.record(record(i, 1_000), 1_000 + i);
    }
    assertThat(watch.count()).isEqualTo(5_000);
    assertThat(watch.millis(4_999)).isEqualTo(5.0);
    assertThat(watch.sentMicros(4_999)).isEqualTo(1_000);
    assertThat(watch.number(0)).isEqualTo(RecordText.FIRST + 1);
    assertThat(watch.missing()).isZero();
  }

  private byte[] record(int number, long micros) {
    byte[] bytes = new byte[text.length() + 5];
    int end = text.write(bytes, 0, RecordText.FIRST + number, micros);
    return Arrays.copyOf(bytes, end);
  }
}
