package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.spillway.config.ConfigException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The address of a cluster")
class ClusterAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost"})
  @DisplayName("is one of this host")
  void own(String host) {
    assertThatCode(() -> ClusterAddress.check(host, 0)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "nosuch.invalid, a name without an address",
    "192.0.2.77, no address of this host",
    "0.0.0.0, no address of this host"
  })
  @DisplayName("is refused in one line with the option and what is possible, if it is not")
  void foreign(String host, String found) {
    assertThat(refusal(host, 0))
        .startsWith("-cluster-host: is " + host + ", " + found + "; allowed: ")
        .contains("127.0.0.1")
        .doesNotContain("%");
  }

  @Test
  @DisplayName("is refused with the key of the port, if that is in use")
  void portInUse() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(refusal("127.0.0.1", other.getLocalPort()))
          .isEqualTo(
              "cluster.port: is "
                  + other.getLocalPort()
                  + ", which is in use on 127.0.0.1; allowed: a free port");
    }
  }

  private static String refusal(String host, int port) {
    ConfigException error =
        catchThrowableOfType(ConfigException.class, () -> ClusterAddress.check(host, port));
    assertThat(error).as("the refusal").isNotNull();
    return error.getMessage();
  }
}
