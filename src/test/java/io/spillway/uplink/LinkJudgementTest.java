package io.spillway.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.UplinkMode;
import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a server shows of itself")
class LinkJudgementTest {
  private static final long NOW_MS = 1_780_000_000_000L;
  private static final long MS = 1_000_000;

  @Test
  @DisplayName("is a clock that agrees, or which of the two is later, and by how much")
  void clock() {
    assertThat(clock(0).result()).isEqualTo(Result.OK);
    assertThat(clock(4_900).result()).isEqualTo(Result.OK);
    assertThat(clock(65_000).words()).contains("this one is 1 min 5 s later");
    assertThat(clock(-3_660_000).words()).contains("this one is 1 h 1 min earlier");
    assertThat(clock(-90_000_000).words()).contains("1 d 1 h earlier");
    assertThat(clock(65_000).result()).isEqualTo(Result.NOTICE);
  }

  private static HopFinding clock(long laterMs) {
    return LinkJudgement.clock("clock", NOW_MS + laterMs, NOW_MS);
  }

  @Test
  @DisplayName("is whether it acknowledges, and whether it could")
  void acknowledgements() {
    for (UplinkMode mode : UplinkMode.values()) {
      assertThat(acknowledgements(mode, true, true)).isEqualTo(Result.OK);
    }
    assertThat(acknowledgements(UplinkMode.AUTO, false, true)).isEqualTo(Result.FAILED);
    assertThat(acknowledgements(UplinkMode.AUTO, false, false)).isEqualTo(Result.NOTICE);
    assertThat(acknowledgements(UplinkMode.PLAIN, false, true)).isEqualTo(Result.NOTICE);
    assertThat(acknowledgements(UplinkMode.PLAIN, false, false)).isEqualTo(Result.OK);
  }

  private static Result acknowledgements(UplinkMode mode, boolean does, boolean spillway) {
    return LinkJudgement.acknowledgements("acks", mode, does, spillway).result();
  }

  @Test
  @DisplayName("is a round trip, which is long when a link is given up soon after")
  void roundTrip() {
    assertThat(LinkJudgement.roundTrip("trip", new long[] {9 * MS, MS, 2 * MS}, 10_000))
        .isEqualTo(HopFinding.ok("trip", "2.0 ms, at worst 9.0 ms (3 pings)"));
    assertThat(LinkJudgement.roundTrip("trip", new long[] {1_500 * MS}, 10_000).result())
        .isEqualTo(Result.NOTICE);
    assertThat(LinkJudgement.roundTrip("trip", new long[] {150 * MS}, 200).cure())
        .contains("pongTimeoutMs");
  }

  @Test
  @DisplayName("is what a proxy takes away, where it says what it is")
  void proxy() {
    assertThat(LinkJudgement.proxy("proxy", "", true, true, true).words()).contains("none is seen");
    assertThat(LinkJudgement.proxy("proxy", "nginx", true, true, true))
        .isEqualTo(HopFinding.ok("proxy", "nginx, which strips nothing that matters"));
    HopFinding stripped = LinkJudgement.proxy("proxy", "nginx", true, false, true);
    assertThat(stripped.result()).isEqualTo(Result.FAILED);
    assertThat(stripped.words()).contains("(nginx)", "Sec-WebSocket-Protocol");
    assertThat(LinkJudgement.proxy("proxy", "", true, true, false).result())
        .isEqualTo(Result.NOTICE);
    assertThat(LinkJudgement.proxy("proxy", "", false, false, true).result())
        .isEqualTo(Result.SKIPPED);
  }

  @Test
  @DisplayName("is whether the wish for a WebSocket comes through, told from a wrong path")
  void upgrade() {
    assertThat(LinkJudgement.isUpgradeLost(404, true, "/ws")).isTrue();
    assertThat(LinkJudgement.isUpgradeLost(404, true, "/other")).isFalse();
    assertThat(LinkJudgement.isUpgradeLost(404, false, "/ws")).isFalse();
    assertThat(LinkJudgement.isUpgradeLost(426, false, "/other")).isTrue();
    assertThat(LinkJudgement.isUpgradeLost(401, true, "/ws")).isFalse();
    HopFinding lost = LinkJudgement.upgradeLost("proxy", "nginx");
    assertThat(lost.words()).contains("(nginx)", "takes Upgrade away");
    assertThat(lost.cure()).contains("proxy_set_header Upgrade $http_upgrade");
    assertThat(LinkJudgement.tokenCure("check the token", "nginx"))
        .isEqualTo("check the token; and let the proxy (nginx) pass Authorization on");
  }
}
