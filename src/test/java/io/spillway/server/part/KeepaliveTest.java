package io.spillway.server.part;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The keepalive of a live client")
class KeepaliveTest {
  private static final long OPENED = -20; // the clock counts from anywhere
  private final Keepalive keepalive = new Keepalive(OPENED);

  @Test
  @DisplayName("is idle when nothing has come for longer than allowed")
  void idle() {
    assertThat(keepalive.isIdle(OPENED + 100, 100)).isFalse();
    assertThat(keepalive.isIdle(OPENED + 101, 100)).isTrue();

    keepalive.heard(OPENED + 90);
    assertThat(keepalive.isIdle(OPENED + 190, 100)).isFalse();
    assertThat(keepalive.isIdle(OPENED + 191, 100)).isTrue();
  }

  @Test
  @DisplayName("pings from the opening on, however much comes")
  void pings() {
    keepalive.heard(OPENED + 29);
    assertThat(keepalive.isPingDue(OPENED + 29, 30)).isFalse();
    assertThat(keepalive.isPingDue(OPENED + 30, 30)).isTrue();

    keepalive.pinged(OPENED + 35);
    assertThat(keepalive.isPingDue(OPENED + 64, 30)).isFalse();
    assertThat(keepalive.isPingDue(OPENED + 65, 30)).isTrue();
  }

  @Test
  @DisplayName("has gone when nothing has come for longer than allowed, nor behind a ping")
  void gone() {
    Keepalive keepalive = new Keepalive(0);
    assertThat(keepalive.isGone(200, 100)).as("not asked").isFalse();
    keepalive.pinged(5);
    assertThat(keepalive.isGone(100, 100)).isFalse();
    assertThat(keepalive.isGone(101, 100)).isTrue();
    keepalive.heard(6);
    assertThat(keepalive.isGone(200, 100)).as("has answered").isFalse();
  }
}
