package io.spillway.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("A warning that strangers can cause")
class RateLimitedLogTest {
  private static final String NAME = "test.occasionally";

  private final Logger logger = Logger.getLogger(NAME);
  private final List<String> lines = new ArrayList<>();
  private final AtomicLong nowMs = new AtomicLong(1_000_000);
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord event) {
          lines.add(event.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
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

    assertThat(lines).containsExactly("wrong token", "wrong token (and 2 times more before)");
  }
}
