package io.spillway.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Heard;
import io.spillway.kit.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("A warning that strangers can cause")
class RateLimitedLogTest {
  private static final String NAME = "test.occasionally";

  private final Heard heard = new Heard(NAME);
  private final ManualTime time = new ManualTime(1_000_000);

  @AfterEach
  void stopListening() {
    heard.close();
  }

  @Test
  @DisplayName("is said at once, and then every ten seconds with the number of those unsaid")
  void saysItOccasionally() {
    RateLimitedLog warning = new RateLimitedLog(LoggerFactory.getLogger(NAME), time);

    warning.warn("wrong token");
    warning.warn("wrong token");
    warning.warn("wrong token");
    time.pass(Duration.ofSeconds(10));
    warning.warn("wrong token");

    assertThat(heard.lines())
        .containsExactly("WARN wrong token", "WARN wrong token (and 2 times more before)");
  }

  @Test
  @DisplayName("is said whatever somebody sets the wall clock to")
  void clockSetBack() {
    RateLimitedLog warning = new RateLimitedLog(LoggerFactory.getLogger(NAME), time);

    warning.warn("wrong token");
    time.set(0);
    time.pass(Duration.ofSeconds(10));
    warning.warn("wrong token");

    assertThat(heard.lines()).containsExactly("WARN wrong token", "WARN wrong token");
  }
}
