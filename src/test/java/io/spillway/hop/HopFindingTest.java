package io.spillway.hop;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.hop.HopFinding.Result;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is found at a hop")
class HopFindingTest {
  @Test
  @DisplayName("is taken out of a text for a log: what to do is behind its first semicolon")
  void told() {
    assertThat(HopFinding.told("spool", Result.FAILED, "the disk is full; free space; soon"))
        .isEqualTo(HopFinding.failed("spool", "the disk is full", "free space; soon"));
    assertThat(HopFinding.told("spool", Result.SKIPPED, "not known"))
        .isEqualTo(HopFinding.skipped("spool", "not known"));
  }

  @Test
  @DisplayName("lets look at what lies behind, unless it has failed or is not known")
  void passable() {
    assertThat(HopFinding.ok("a", "")).matches(HopFinding::isPassable);
    assertThat(HopFinding.notice("a", "", "")).matches(HopFinding::isPassable);
    assertThat(HopFinding.failed("a", "", "")).matches(found -> !found.isPassable());
    assertThat(HopFinding.skipped("a", "")).matches(found -> !found.isPassable());
  }
}
