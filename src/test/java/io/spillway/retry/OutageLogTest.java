package io.spillway.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("A transition")
class OutageLogTest {
  private static final String NAME = "transition-under-test";
  private final List<String> logged = new ArrayList<>();
  private final Logger jul = Logger.getLogger(NAME); // a field: loggers are held weakly
  private final Handler recorder =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          logged.add(line.getLevel() + " " + line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
  private long nowMs = 1_000;
  private final OutageLog link = new OutageLog(LoggerFactory.getLogger(NAME), "link", () -> nowMs);

  @BeforeEach
  void record() {
    jul.setUseParentHandlers(false);
    jul.setLevel(Level.ALL);
    jul.addHandler(recorder);
  }

  @AfterEach
  void stop() {
    jul.removeHandler(recorder);
  }

  @Test
  @DisplayName("logs once for each reason, however often it is told")
  void oncePerReason() {
    for (int i = 0; i < 100; i++) {
      link.down("refused");
    }
    link.down("no pong");
    link.down("no pong");
    assertThat(logged).containsExactly("WARNING link refused", "WARNING link no pong");
    assertThat(link.reason()).isEqualTo("no pong");
  }

  @Test
  @DisplayName("logs once that it works again, and after how long since the first failure")
  void worksAgain() {
    link.down("refused");
    nowMs += 60_000;
    link.down("no pong");
    nowMs += 12_400;
    link.up();
    link.up();
    assertThat(logged).hasSize(3);
    assertThat(logged.get(2)).isEqualTo("INFO link works again after 1m12s");
    assertThat(link.reason()).isNull();
  }

  @Test
  @DisplayName("says nothing of what has always worked")
  void silent() {
    link.up();
    assertThat(logged).isEmpty();
  }

  @Test
  @DisplayName("logs the same reason again after it has worked")
  void again() {
    link.down("refused");
    nowMs += 40;
    link.up();
    link.down("refused");
    assertThat(logged)
        .containsExactly(
            "WARNING link refused", "INFO link works again after 40 ms", "WARNING link refused");
  }
}
