package io.spillway.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.LastFault;
import io.spillway.bus.RoleState;
import io.spillway.wire.WireMessage.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The report of an edge")
class StatusReportTest {
  private final StatusReport report = new StatusReport();

  @Test
  @DisplayName("tells of the roles of an edge, its own process first, and of no others")
  void roles() {
    RoleState elsewhere =
        new RoleState("source", "a", "p", Fault.NONE, 0, 0, Map.of(), LastFault.NONE);
    report.heard(elsewhere, 0);
    report.heard(state("uplink", 1), 0);
    report.heard(state("store", 1), 0);
    assertThat(report.turn(1)).isEqualTo(new Status(List.of(state("uplink", 1), elsewhere)));
  }

  @Test
  @DisplayName("is empty before anything was heard, and again when nothing is heard any more")
  void silent() {
    assertThat(report.turn(0)).isNull();
    report.heard(state("uplink", 1), 0);
    assertThat(report.turn(10_000)).isNotNull();
    assertThat(report.turn(10_001)).isNull();
  }

  @Test
  @DisplayName("comes in each turn in which something has changed, and in every fifth otherwise")
  void quiet() {
    report.heard(state("uplink", 1), 0);
    assertThat(report.turn(1)).isNotNull();
    for (int turn = 1; turn < StatusReport.QUIET_TURNS; turn++) {
      report.heard(
          state("uplink", 1)
              .remembering(new LastFault(new Fault(FaultKind.OTHER, "x"), turn, turn)),
          0);
      assertThat(report.turn(1)).isNull();
    }
    assertThat(report.turn(1)).isNotNull();
    report.heard(state("uplink", 2), 0);
    assertThat(report.turn(1)).isNotNull();
  }

  @Test
  @DisplayName("is told to another server at once")
  void again() {
    report.heard(state("uplink", 1), 0);
    assertThat(report.turn(1)).isNotNull();
    report.begin();
    assertThat(report.turn(1)).isNotNull();
  }

  private static RoleState state(String role, long done) {
    return new RoleState(role, "attic", Fault.NONE, 0, done, Map.of());
  }
}
