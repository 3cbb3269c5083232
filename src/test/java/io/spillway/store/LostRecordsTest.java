package io.spillway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Loss;
import io.spillway.kit.Heard;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Records that were acknowledged and are not here")
class LostRecordsTest {
  private static final String LOG = "io.spillway.store.LostRecords";

  @Test
  @DisplayName("are told once in a while of an edge that says it in each hello, and counted")
  void rateLimited() {
    LostRecords lost = new LostRecords();
    try (Heard heard = new Heard(LOG)) {
      for (int hello = 0; hello < 100; hello++) {
        lost.add("pi", new Loss("pi.e" + hello, 1, 1, 11, 11));
      }
      lost.add("roof", new Loss("roof.3f9a", 5, 1, 7, 7));
      assertThat(heard.lines()).hasSize(2);
      assertThat(heard.lines().get(0)).startsWith("ERROR [store] pi.e0: 1 to 10 were acknowledged");
      assertThat(heard.lines().get(1)).startsWith("ERROR [store] roof.3f9a: 5 to 6 were ack");
    }
    assertThat(lost.records()).isEqualTo(1_002);
    assertThat(lost.fault().words())
        .contains("pi.e0: 1 to 10 (and 99 times more: see the log), roof.3f9a: 5 to 6;");
  }

  @Test
  @DisplayName("are named of each edge, of as many as there is room for")
  void eachEdge() {
    LostRecords lost = new LostRecords();
    for (int edge = 0; edge < 13; edge++) {
      lost.add("pi" + edge, new Loss("pi" + edge + ".e", 1, 1, 11, 11));
    }
    assertThat(lost.fault().words())
        .contains("pi0.e: 1 to 10, ", "pi9.e: 1 to 10, and 3 times of other edges: see the log;")
        .doesNotContain("pi10.e");
  }

  @Test
  @DisplayName("are never so many that their sum is wrong, whatever edges say")
  void bounded() {
    LostRecords lost = new LostRecords();
    for (int hello = 0; hello < 3_000; hello++) {
      lost.add("pi", new Loss("pi.e" + hello, 1, 1, LostRecords.MOST, LostRecords.MOST));
      assertThat(lost.records()).isPositive();
    }
    assertThat(lost.records()).isEqualTo(LostRecords.MOST);
  }

  @Test
  @DisplayName("may also be those of which the server has lost how far it was")
  void lostMarks() {
    LostRecords lost = new LostRecords();
    lost.add("pi", new Loss("pi.e", 1, 1, 7, 7));
    assertThat(lost.fault().words()).contains("or marks.json was lost and retention has deleted");
  }
}
