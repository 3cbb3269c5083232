package io.spillway.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Heard;
import io.spillway.kit.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("A warning that each of several strangers can cause")
class RateLimitedLogsTest {
  private static final String NAME = "test.each";

  private final Heard heard = new Heard(NAME);
  private final ManualTime time = new ManualTime(1_000_000);
  private final RateLimitedLogs logs = new RateLimitedLogs(LoggerFactory.getLogger(NAME), time);

  @AfterEach
  void stopListening() {
    heard.close();
  }

  @Test
  @DisplayName("is said of one also where another has just caused it")
  void each() {
    logs.warn("attic", "attic jumps");
    logs.warn("attic", "attic jumps");
    logs.error("roof", "roof jumps");
    logs.error("roof", "roof jumps");
    time.pass(Duration.ofSeconds(10));
    logs.warn("attic", "attic jumps");
    assertThat(heard.lines())
        .containsExactly(
            "WARN attic jumps", "ERROR roof jumps", "WARN attic jumps (and 1 times more before)");
  }

  @Test
  @DisplayName("is counted also of one who has to make room for others")
  void forgotten() {
    logs.warn("attic", "attic jumps");
    logs.error("attic", "attic jumps again");
    time.pass(Duration.ofSeconds(10));
    for (int n = 0; n < RateLimitedLogs.MOST; n++) {
      logs.warn("edge" + n, "edge" + n);
    }
    assertThat(heard.lines())
        .hasSize(RateLimitedLogs.MOST + 2)
        .contains("ERROR attic jumps again (1 times, and no more since)");
  }

  @Test
  @DisplayName("is bounded, whoever comes under however many names")
  void bounded() {
    for (int n = 0; n < 1_000; n++) {
      logs.warn("edge" + n, "edge" + n);
    }
    assertThat(heard.lines()).hasSize(RateLimitedLogs.MOST + 1);
    time.pass(Duration.ofSeconds(10));
    logs.warn("new", "new");
    assertThat(heard.lines()).last().isEqualTo("WARN new");
  }
}
