package io.spillway.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.SocketAddress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The doorkeeper")
class DoorkeeperTest {
  @Test
  @DisplayName("takes for this machine what comes over loopback, and nothing else")
  void loopback() {
    for (String here : new String[] {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) {
      assertThat(Doorkeeper.fromLoopback(SocketAddress.inetSocketAddress(1, here)))
          .as(here)
          .isTrue();
    }
    for (String elsewhere : new String[] {"192.0.2.7", "10.0.0.1", "0.0.0.0", "fe80::1", "::2"}) {
      assertThat(Doorkeeper.fromLoopback(SocketAddress.inetSocketAddress(1, elsewhere)))
          .as(elsewhere)
          .isFalse();
    }
    assertThat(Doorkeeper.fromLoopback(null)).isFalse();
    assertThat(Doorkeeper.fromLoopback(SocketAddress.domainSocketAddress("/x"))).isFalse();
  }
}
