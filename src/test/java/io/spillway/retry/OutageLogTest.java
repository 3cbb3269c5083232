package io.spillway.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Heard;
import io.spillway.kit.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("A transition")
class OutageLogTest {
  private static final String NAME = "transition-under-test";
  private final Heard heard = new Heard(NAME);
  private final ManualTime time = new ManualTime(1_000);
  private final OutageLog link = new OutageLog(LoggerFactory.getLogger(NAME), "link", time);

  @AfterEach
  void stopListening() {
    heard.close();
  }

  @Test
  @DisplayName("logs once for each reason, however often it is told")
  void oncePerReason() {
    for (int i = 0; i < 100; i++) {
      link.down("refused");
    }
    link.down("no pong");
    link.down("no pong");
    assertThat(heard.lines()).containsExactly("WARN link refused", "WARN link no pong");
    assertThat(link.reason()).isEqualTo("no pong");
  }

  @Test
  @DisplayName("logs once that it works again, and after how long since the first failure")
  void worksAgain() {
    link.down("refused");
    time.pass(Duration.ofMinutes(1));
    link.down("no pong");
    time.set(0); // says nothing of how long it was
    time.pass(Duration.ofMillis(12_400));
    link.up();
    link.up();
    assertThat(heard.lines()).hasSize(3);
    assertThat(heard.lines().get(2)).isEqualTo("INFO link works again after 1m12s");
    assertThat(link.reason()).isNull();
  }

  @Test
  @DisplayName("says nothing of what has always worked")
  void silent() {
    link.up();
    assertThat(heard.lines()).isEmpty();
  }

  @Test
  @DisplayName("logs the same reason again after it has worked")
  void again() {
    link.down("refused");
    time.pass(Duration.ofMillis(40));
    link.up();
    link.down("refused");
    assertThat(heard.lines())
        .containsExactly(
            "WARN link refused", "INFO link works again after 40 ms", "WARN link refused");
  }
}
