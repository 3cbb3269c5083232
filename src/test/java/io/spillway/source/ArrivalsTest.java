package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What comes for filters that are granted")
class ArrivalsTest {
  private final Arrivals arrivals = new Arrivals(List.of("open/#", "$share/a/shared/+"));

  @Test
  @DisplayName("is known when there was one for each")
  void all() {
    assertThat(arrivals.come("open/a")).isFalse();
    assertThat(arrivals.come("open/b")).isFalse();
    assertThat(arrivals.come("shared/c")).isTrue();
    HopFinding seen = arrivals.judge("messages", 3_000);
    assertThat(seen.result()).isEqualTo(Result.OK);
    assertThat(seen.words()).isEqualTo("come for open/#, $share/a/shared/+");
  }

  @Test
  @DisplayName("is not known where none came, and never told as well")
  void silent() {
    arrivals.come("open/a");
    HopFinding seen = arrivals.judge("messages", 3_000);
    assertThat(seen.result()).isEqualTo(Result.SKIPPED);
    assertThat(seen.words()).isEqualTo("not known: none came within 3.0 s for $share/a/shared/+");
    assertThat(seen.cure()).startsWith("publish one there and look again");
  }
}
