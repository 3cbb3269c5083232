package io.spillway.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Heard;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("A warning that strangers can cause")
class RateLimitedLogTest {
  private static final String NAME = "test.occasionally";

  private final Heard heard = new Heard(NAME);
  private final AtomicLong nowMs = new AtomicLong(1_000_000);

  @AfterEach
  void stopListening() {
    heard.close();
  }

  @Test
  @DisplayName("is said at once, and then every ten seconds with the number of those unsaid")
  void saysItOccasionally() {
    RateLimitedLog warning = new RateLimitedLog(LoggerFactory.getLogger(NAME), nowMs::get);

    warning.warn("wrong token");
    warning.warn("wrong token");
    warning.warn("wrong token");
    nowMs.addAndGet(10_000);
    warning.warn("wrong token");

    assertThat(heard.lines())
        .containsExactly("WARN wrong token", "WARN wrong token (and 2 times more before)");
  }
}
