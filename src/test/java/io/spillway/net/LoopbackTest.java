package io.spillway.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Listening")
class LoopbackTest {
  @ParameterizedTest(name = "{0}")
  @DisplayName("on loopback, by any of its names, is listening on both of its addresses")
  @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "::1", "0:0:0:0:0:0:0:1"})
  void both(String host) {
    assertThat(Loopback.addresses(host, true)).containsExactly("127.0.0.1", "::1");
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("on loopback is IPv4 alone on a machine without IPv6")
  @ValueSource(strings = {"localhost", "127.0.0.1", "::1"})
  void withoutIpv6(String host) {
    assertThat(Loopback.addresses(host, false)).containsExactly("127.0.0.1");
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("on another address is listening there, and nowhere else")
  @ValueSource(strings = {"0.0.0.0", "::", "127.0.0.2", "192.0.2.7", "server.example"})
  void other(String host) {
    assertThat(Loopback.addresses(host, true)).containsExactly(host);
  }

  @Test
  @DisplayName("on loopback is IPv4 at least on this machine, whatever else it has")
  void here() {
    assertThat(Loopback.addresses()).startsWith("127.0.0.1");
  }
}
