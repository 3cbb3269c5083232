package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Doctor's own client id")
class BrokerExaminationTest {
  @Test
  @DisplayName("begins with that of the edge, and is no longer than a broker takes")
  void id() {
    assertThat(BrokerExamination.idOf("spillway-attic", "1a2b3c", 1_000))
        .isEqualTo("spillway-attic-doctor-1a2b3c");
    assertThat(BrokerExamination.idOf("spillway-attic", "1a2b3c", 18))
        .isEqualTo("spil-doctor-1a2b3c")
        .hasSize(18);
    assertThat(BrokerExamination.idOf("a", "1a2b3c", 18)).isEqualTo("a-doctor-1a2b3c");
  }
}
