package io.spillway.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.LastFault;
import io.spillway.bus.RoleState;
import io.spillway.server.status.Judge.Ailment;
import io.spillway.server.status.Judge.Finding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The judge of a role")
class JudgeTest {
  private static final long STALLED_MS = 15_000;

  @Test
  @DisplayName("finds nothing wrong with a role that has nothing to do, or gets on")
  void well() {
    assertThat(look(role("", 0, 0), 1_000)).isEqualTo(new Finding(Ailment.NONE, 0, false));
    RoleStatus busy = role("", 7, 0).heard(state("", 7, 1), 20_000);
    assertThat(look(busy, 21_000).ailment()).isEqualTo(Ailment.NONE);
  }

  @Test
  @DisplayName("says what is wrong, for how long already, and in which words")
  void ill() {
    Finding fault = look(role("no pong", 0, 0), 9_000);
    assertThat(fault).isEqualTo(new Finding(Ailment.FAULT, 9_000, false));
    assertThat(fault.words(state("no pong", 0, 0))).isEqualTo("no pong");
    RoleStatus still = role("", 7, 0).heard(state("", 7, 0), 14_000);
    assertThat(look(still, 17_000).words(still.state())).isEqualTo("7 waiting, none done for 17 s");
    assertThat(look(role("", 0, 0), 12_000).words(state("", 0, 0))).isEqualTo("silent for 12 s");
  }

  @Test
  @DisplayName("never lets health and pipeline contradict each other on what fails")
  void agree() {
    for (long second = 0; second < 60; second++) {
      for (RoleState said : List.of(state("", 0, 0), state("", 7, 0), state("no pong", 7, 0))) {
        RoleStatus role = new RoleStatus(said, 0);
        Judge judge = judge(second * 1_000, 0);
        Health.Level level = Health.of(List.of(role), judge).level();
        Condition condition = judge.condition(role, judge.look(role, Judge.SILENT_AFTER_MS));
        if (level == Health.Level.FAILING) {
          assertThat(condition).isIn(Condition.FAILING, Condition.SILENT);
        }
        if (level == Health.Level.DEGRADED) {
          assertThat(condition).isIn(Condition.FAILING, Condition.SILENT, Condition.DEGRADED);
        }
        if (condition == Condition.OK) {
          assertThat(level).isEqualTo(Health.Level.OK);
        }
      }
    }
  }

  @Test
  @DisplayName("holds against nobody, in health or pipeline, what it could not hear while asleep")
  void asleep() {
    for (RoleState said : List.of(state("", 7, 0), state("no pong", 7, 0))) {
      RoleStatus role = new RoleStatus(said, 0);
      Judge judge = judge(3_600_000, 3_599_000);
      assertThat(Health.of(List.of(role), judge).isFailing()).isFalse();
      Finding finding = judge.look(role, Judge.SILENT_AFTER_MS);
      assertThat(finding.ailment()).isNotIn(Ailment.SILENT, Ailment.STALLED);
    }
  }

  @Test
  @DisplayName("tells what is to be looked at for as long as it is there, and never as an outage")
  void notice() {
    RoleState said = state("", 0, 0);
    Fault damage = new Fault(FaultKind.DAMAGED, "data/marks.json: is not text");
    RoleState damaged =
        new RoleState("store", "x", "p", damage, 0, 0, said.counters(), said.lastFault());
    RoleStatus role = new RoleStatus(damaged, 0).heard(damaged, 50_000);
    Health health = Health.of(List.of(role), judge(51_000, 0));
    assertThat(health.status()).isEqualTo("degraded");
    assertThat(health.faults()).containsExactly("store x: data/marks.json: is not text");
    assertThat(judge(51_000, 0).condition(role, look(role, 51_000))).isEqualTo(Condition.DEGRADED);

    RoleState stuck =
        new RoleState("store", "x", "p", damage, 7, 0, said.counters(), said.lastFault());
    RoleStatus still = new RoleStatus(stuck, 0).heard(stuck, 50_000);
    assertThat(look(still, 51_000).ailment()).isEqualTo(Ailment.STALLED);
  }

  @Test
  @DisplayName("is not less well for what an edge elsewhere has to say, but says it once")
  void elsewhere() {
    RoleStatus role = role("", 0, 0);
    Health well = Health.of(List.of(role), judge(1_000, 0));
    assertThat(well.with(List.of())).isEqualTo(well);
    Health told =
        well.with(List.of("batcher pi: spool: ends at 600", "batcher pi: spool: ends at 600"));
    assertThat(told.status()).isEqualTo("degraded");
    assertThat(told.faults()).containsExactly("batcher pi: spool: ends at 600");
  }

  private static Finding look(RoleStatus role, long nowMs) {
    return judge(nowMs, 0).look(role, Judge.SILENT_AFTER_MS);
  }

  private static Judge judge(long nowMs, long awakeSinceMs) {
    return new Judge(nowMs, 1_700_000_000_000L, STALLED_MS, awakeSinceMs);
  }

  private static RoleStatus role(String fault, long waiting, long done) {
    return new RoleStatus(state(fault, waiting, done), 0);
  }

  private static RoleState state(String fault, long waiting, long done) {
    return new RoleState(
        "batcher",
        "attic",
        "p",
        Fault.told("other", fault),
        waiting,
        done,
        Map.of(),
        LastFault.NONE);
  }
}
