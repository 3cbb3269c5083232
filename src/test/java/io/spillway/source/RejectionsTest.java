package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spillway.kit.Heard;
import io.spillway.kit.ManualTime;
import io.spillway.message.RejectedPayload;
import io.spillway.message.RejectionKind;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Rejected messages")
class RejectionsTest {
  private final RejectedPayload bare =
      new RejectedPayload(RejectionKind.BARE_VALUE, "a bare value");
  private final RejectedPayload broken = new RejectedPayload("not valid JSON");

  private final Heard heard = new Heard(Rejections.class.getName());
  private final ManualTime time = new ManualTime(1_000);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Rejections rejections = new Rejections(registry, time);

  @AfterEach
  void stopListening() {
    heard.close();
  }

  @Test
  @DisplayName("are one line for each kind of reason when it begins, however many they are")
  void begins() {
    for (int i = 0; i < 1_000; i++) {
      rejections.add("home/" + i % 10, bare);
      rejections.add("b", broken);
      rejections.look();
    }
    assertThat(heard.lines()).hasSize(2);
    assertThat(heard.lines().get(0))
        .startsWith("WARN [source] rejected a message on home/0: a bare");
    assertThat(heard.lines().get(1)).contains("on b: not valid JSON");
    assertThat(count("bare_value", "home/3")).isEqualTo(100);
    assertThat(count("not_json", "b")).isEqualTo(1_000);
  }

  @Test
  @DisplayName(
      "are one line when it has ended, with how many they were, and one when it begins again")
  void ends() {
    rejections.add("a", bare);
    rejections.add("b", bare);
    time.pass(Duration.ofMillis(Rejections.QUIET_MS - 1));
    rejections.look();
    assertThat(heard.lines()).hasSize(1);
    time.set(0); // the wall clock says nothing
    time.pass(Duration.ofMillis(1));
    rejections.look();
    rejections.look();
    assertThat(heard.lines()).hasSize(2);
    assertThat(heard.lines().get(1))
        .startsWith("INFO")
        .contains("bare_value", "2 messages", "on b");
    rejections.add("c", bare);
    assertThat(heard.lines()).hasSize(3);
  }

  @Test
  @DisplayName(
      "are counted for a bounded number of topics, and of long ones the beginning is shown")
  void bounded() {
    rejections.add("t".repeat(65_535), bare);
    for (int i = 0; i < 10 * Rejections.TOPICS_MAX; i++) {
      rejections.add("t/" + i, bare);
    }
    assertThat(heard.lines()).singleElement().asString().hasSizeLessThan(400);
    assertThat(registry.find("spillway.source.rejected").counters())
        .hasSize(Rejections.TOPICS_MAX + 1)
        .allSatisfy(each -> assertThat(each.getId().getTag("topic")).hasSizeLessThan(200));
    assertThat(count("bare_value", "(other)")).isEqualTo(9 * Rejections.TOPICS_MAX + 1);
  }

  private double count(String reason, String topic) {
    return registry
        .get("spillway.source.rejected")
        .tags("reason", reason, "topic", topic)
        .counter()
        .count();
  }
}
