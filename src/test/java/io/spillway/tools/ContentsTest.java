package io.spillway.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The comparison of spool and journal")
class ContentsTest {
  private static final String STAMPS = ",\"_topic\":\"a\",\"_ts_src\":\"x\",\"_id\":\"pi.e.7\"}";

  private final Contents contents = new Contents(new Sequence.Budget(1));

  @Test
  @DisplayName("finds another value, another topic, a longer and a shorter record")
  void different() {
    String[] others = {"{\"t\":8", "{\"t\":77", "{\"tt\":7", "{\"a\":1", "{}"};
    for (int i = 0; i < others.length; i++) {
      inSpool(1 + i, "{\"t\":7" + STAMPS);
      stored(1 + i, others[i] + STAMPS);
      assertThat(contents.differing()).as(others[i]).isEqualTo(i + 1);
    }
    inSpool(100, "{\"t\":7" + STAMPS);
    stored(100, "{\"t\":7" + STAMPS.replace("\"a\"", "\"b\""));
    assertThat(contents.differing()).isEqualTo(others.length + 1);
    assertThat(contents.firstDiffering()).isOne();
  }

  @Test
  @DisplayName("counts every stored number that the spool has beyond what can be remembered")
  void bounded() {
    long records = 3 * Contents.PAGE_RECORDS;
    for (long seq = 1; seq <= records; seq += 2) { // gaps make it no other
      inSpool(seq, "{\"t\":7" + STAMPS);
    }
    for (long seq = 1; seq <= records; seq += 2) {
      stored(seq, "{\"t\":7" + STAMPS);
    }
    stored(records + 1, "{\"t\":8" + STAMPS); // the spool has never had it
    assertThat(contents.differing()).isZero();
    assertThat(contents.left()).isEqualTo(Contents.PAGE_RECORDS);
  }

  @Test
  @DisplayName("takes the first of what either has twice")
  void twice() {
    inSpool(7, "{\"t\":7" + STAMPS);
    inSpool(7, "{\"t\":8" + STAMPS);
    stored(7, "{\"t\":7" + STAMPS);
    stored(7, "{\"t\":9" + STAMPS);
    assertThat(contents.differing()).isZero();
  }

  private void inSpool(long seq, String line) {
    byte[] bytes = line.getBytes(UTF_8);
    contents.inSpool(seq, Contents.of(bytes, 0, bytes.length));
  }

  private void stored(long seq, String line) {
    byte[] bytes = (' ' + line + ' ').getBytes(UTF_8); // somewhere in a block
    contents.stored(seq, bytes, 1, bytes.length - 1);
  }
}
