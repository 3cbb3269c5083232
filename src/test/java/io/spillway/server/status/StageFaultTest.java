package io.spillway.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A fault")
class StageFaultTest {
  @Test
  @DisplayName("says what to do behind its semicolon, or what helps with most of its sort")
  void cure() {
    StageFault told =
        StageFault.of(refused("connection refused by h; is it running; or not?"), 0, 0);
    assertThat(told.reason()).isEqualTo("connection refused by h");
    assertThat(told.cure()).isEqualTo("is it running; or not?");
    assertThat(StageFault.of(refused("connection refused by h"), 0, 0).cure())
        .isEqualTo(FaultKind.REFUSED.cure());
    assertThat(StageFault.of(new Fault(FaultKind.OTHER, "odd; "), 0, 0).cure())
        .as("nothing")
        .isEqualTo(FaultKind.OTHER.cure());
  }

  @Test
  @DisplayName("is told with its times, without an end while it lasts")
  void json() {
    JsonObject lasting = StageFault.of(new Fault(FaultKind.OTHER, "x; y"), 0, 0).json();
    assertThat(lasting.getString("kind")).isEqualTo("other");
    assertThat(lasting.getString("since")).isEqualTo("1970-01-01T00:00:00.000Z");
    assertThat(lasting.getValue("until")).isNull();
    assertThat(StageFault.of(refused("x"), 0, 1_000).json().getString("until"))
        .isEqualTo("1970-01-01T00:00:01.000Z");
  }

  private static Fault refused(String words) {
    return new Fault(FaultKind.REFUSED, words);
  }
}
