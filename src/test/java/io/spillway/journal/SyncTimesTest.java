package io.spillway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("How long a disk takes")
class SyncTimesTest {
  private static final long MS = 1_000_000;

  @Test
  @DisplayName("is told by the middle and the worst of all, and by what it means for messages")
  void words() {
    HopFinding found = finding(9 * MS, 2 * MS, 1 * MS);
    assertThat(found.result()).isEqualTo(Result.OK);
    assertThat(found.words())
        .isEqualTo(
            "/d: 4 KiB are safe after 2.00 ms, at worst 9.00 ms (3 times): at most about 500"
                + " messages a second one by one, many more when they come together");
  }

  @Test
  @DisplayName("is looked at where most times are long, or a single one very long")
  void slow() {
    assertThat(finding(60 * MS, 60 * MS, 1 * MS).result()).isEqualTo(Result.NOTICE);
    assertThat(finding(1 * MS, 1 * MS, 1_500 * MS).result()).isEqualTo(Result.NOTICE);
    assertThat(finding(60 * MS).cure()).contains("edge.spool.dir");
  }

  @Test
  @DisplayName("may be no time at all, as in memory")
  void none() {
    assertThat(finding(0, 0).result()).isEqualTo(Result.OK);
  }

  private static HopFinding finding(long... nanos) {
    return new SyncTimes(nanos).finding("spool speed", "edge.spool.dir", "/d");
  }
}
