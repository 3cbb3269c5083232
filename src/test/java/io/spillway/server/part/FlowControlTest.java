package io.spillway.server.part;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The flow control of a live client")
class FlowControlTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int OVERHEAD = 96;

  private final FlowControl flow = new FlowControl(0);

  @Test
  @DisplayName("takes nobody for stuck for whom nothing waits")
  void empty() {
    flow.look(60 * SECOND, 0, 0);

    assertThat(flow.stands(60 * SECOND)).isFalse();
  }

  @Test
  @DisplayName("takes a client for stuck of whose queue nothing has moved for five seconds")
  void stands() {
    flow.sent(1_000);
    flow.look(SECOND, 1_000 + OVERHEAD, 0);
    assertThat(flow.stands(5 * SECOND)).isFalse();
    flow.sent(500);
    flow.look(6 * SECOND, 1_500 + 2 * OVERHEAD, 0);

    assertThat(flow.stands(6 * SECOND)).isTrue();
  }

  @Test
  @DisplayName("sees also the part of a buffer that the kernel has taken")
  void partly() {
    flow.sent(1_000);
    for (int second = 1; second <= 20; second++) {
      flow.look(second * SECOND, 1_000 + OVERHEAD, second);
      assertThat(flow.stands(second * SECOND)).isFalse();
    }
  }

  @Test
  @DisplayName("sees that as much was taken as came")
  void steady() {
    flow.sent(1_000);
    for (int second = 1; second <= 20; second++) {
      flow.sent(1_000);
      flow.look(second * SECOND, 1_000 + OVERHEAD, 0);
      assertThat(flow.stands(second * SECOND)).isFalse();
    }
  }
}
