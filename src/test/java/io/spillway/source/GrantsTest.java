package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a broker grants")
class GrantsTest {
  private static final List<String> TOPICS = List.of("a/#", "b/+");

  @Test
  @DisplayName("is well where all is granted as it was asked for, or better")
  void all() {
    assertThat(judge(1, 1, 2)).isEqualTo(HopFinding.ok("topics", "QoS 1 granted for a/#, b/+"));
    assertThat(judge(0, 0, 0).result()).isEqualTo(Result.OK);
  }

  @Test
  @DisplayName("has failed where a topic is refused, or not answered")
  void refused() {
    HopFinding refused = judge(1, 1, 0x80);
    assertThat(refused.result()).isEqualTo(Result.FAILED);
    assertThat(refused.words()).contains("refused for b/+", "ACL");
    assertThat(refused.cure()).isEqualTo("Give this user the right to it.");
    assertThat(judge(1, 1).words()).contains("b/+", "no answer");
    assertThat(judge(1, 1, 0x9E).cure()).contains("edge.mqtt.topics");
  }

  @Test
  @DisplayName("has failed at QoS 0, which loses messages, and is a notice where it doubles them")
  void lower() {
    HopFinding lost = judge(1, 0, 1);
    assertThat(lost.result()).isEqualTo(Result.FAILED);
    assertThat(lost.words()).contains("QoS 0 granted for a/#", "is lost");
    assertThat(lost.cure()).contains("max_qos", "edge.mqtt.qos");
    assertThat(judge(2, 1, 2).result()).isEqualTo(Result.NOTICE);
  }

  private static HopFinding judge(int qos, Integer... codes) {
    return Grants.judge("topics", TOPICS, List.of(codes), qos);
  }
}
