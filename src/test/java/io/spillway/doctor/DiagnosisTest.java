package io.spillway.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.hop.HopFinding;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A diagnosis")
class DiagnosisTest {
  private final Diagnosis diagnosis = new Diagnosis();

  @Test
  @DisplayName("is all well where each hop is")
  void well() {
    diagnosis.add(HopFinding.ok("a", "fine"));
    assertThat(diagnosis.exitCode()).isZero();
    assertThat(diagnosis.outcome()).isEqualTo("well");
    assertThat(diagnosis.summary()).isEqualTo("all is well");
  }

  @Test
  @DisplayName("does not take for well what is to be looked at, or not known")
  void notices() {
    diagnosis.add(HopFinding.ok("a", "fine"));
    diagnosis.add(HopFinding.skipped("b", "not known"));
    assertThat(diagnosis.exitCode()).isEqualTo(3);
    diagnosis.add(HopFinding.notice("c", "slow", "be faster"));
    assertThat(diagnosis.exitCode()).isEqualTo(3);
    assertThat(diagnosis.outcome()).isEqualTo("notices");
    assertThat(diagnosis.summary()).isEqualTo("1 to look at, 1 not known, 1 well");
  }

  @Test
  @DisplayName("has failed where one hop has, whatever the others are")
  void failed() {
    diagnosis.add(HopFinding.failed("a", "no", "yes"));
    diagnosis.add(HopFinding.notice("c", "slow", "be faster"));
    assertThat(diagnosis.exitCode()).isEqualTo(1);
    assertThat(diagnosis.summary()).isEqualTo("1 failed, 1 to look at, 0 well");
  }

  @Test
  @DisplayName("names the hop behind which nothing can be seen")
  void barrier() {
    diagnosis.add(HopFinding.ok("a", ""));
    diagnosis.add(HopFinding.failed("b", "", ""));
    diagnosis.add(HopFinding.skipped("c", ""));
    assertThat(diagnosis.barrier(List.of("a", "not looked at"))).isEmpty();
    assertThat(diagnosis.barrier(List.of("a", "b", "c"))).hasValue("b");
    assertThat(diagnosis.barrier(List.of("c"))).hasValue("c");
  }
}
