package io.spillway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The flow line of the demo")
class FlowLineTest {
  private static final FlowLine BEFORE = new FlowLine(10_000, 108, 2, 106, 106);

  @Test
  @DisplayName("shows the counters and what has come in per second")
  void line() {
    assertThat(new FlowLine(11_000, 120, 3, 117, 117).since(BEFORE))
        .isEqualTo("received 120 (+12/s)  queued 3  acknowledged 117  stored 117");
  }

  @Test
  @DisplayName("divides by the time that has really passed")
  void late() {
    assertThat(new FlowLine(12_500, 138, 0, 138, 138).since(BEFORE)).contains("(+12/s)");
  }

  @Test
  @DisplayName("shows no rate when the counters begin again, or no time has passed")
  void restarted() {
    assertThat(new FlowLine(11_000, 5, 0, 5, 5).since(BEFORE)).contains("received 5 (+0/s)");
    assertThat(new FlowLine(10_000, 120, 0, 5, 5).since(BEFORE)).contains("(+0/s)");
  }
}
