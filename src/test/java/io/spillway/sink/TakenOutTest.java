package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Records that a table does not keep")
class TakenOutTest {
  private static final long WHILE_MS = 600_000;
  private final TakenOut out = new TakenOut("h:1/d", "\"t\"");

  @Test
  @DisplayName("are told of when it begins and once in a while, with their number and a cure")
  void rarely() {
    assertThat(out.lost(3, 17, 1_000)).contains("h:1/d: 3 records", "\"t\"", "17", "; drop");
    assertThat(out.lost(1_000, 20, 2_000)).isEmpty();
    assertThat(out.lost(1, 1_020, 1_000 + WHILE_MS)).contains("1,001 records", "1020");
    assertThat(out.lost(1, 1_021, 1_001 + WHILE_MS)).isEmpty();
  }

  @Test
  @DisplayName("are a fault until others are kept, a while after the last of them")
  void fault() {
    assertThat(out.fault()).isEqualTo(Fault.NONE);
    assertThat(out.taken(0)).isEmpty();
    out.lost(3, 17, 1_000);
    out.lost(2, 30, 2_000);
    assertThat(out.fault().kind()).isEqualTo(FaultKind.TAKEN_OUT);
    assertThat(out.fault().kind().isNotice()).isTrue();
    assertThat(out.fault().words()).contains("5 records", "offset 30", "; drop or change");

    assertThat(out.taken(1_999 + WHILE_MS)).isEmpty();
    assertThat(out.fault().isEmpty()).as("it may happen again").isFalse();
    assertThat(out.taken(2_000 + WHILE_MS)).contains("takes all again", "5 records are missing");
    assertThat(out.fault()).isEqualTo(Fault.NONE);
    assertThat(out.lost(1, 99, 3_000 + WHILE_MS)).contains("1 records");
  }
}
