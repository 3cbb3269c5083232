package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A trusted proxy")
class SubnetTest {
  @TempDir Path dir;

  @ParameterizedTest(name = "written {0} is {1} with {2} bits")
  @CsvSource({
    "127.0.0.1, 127.0.0.1, 32",
    "10.0.0.0/8, 10.0.0.0, 8",
    "0.0.0.0/0, 0.0.0.0, 0",
    "::1, ::1, 128",
    "2001:db8::/32, 2001:db8::, 32",
    "::ffff:192.0.2.1, 192.0.2.1, 32"
  })
  void understood(String text, String address, int prefix)
      throws ConfigException, UnknownHostException {
    assertThat(proxies(text).config().server().trustedProxies())
        .isEqualTo(List.of(new Subnet(InetAddress.getByName(address), prefix)));
  }

  @ParameterizedTest(name = "cannot be written {0}")
  @ValueSource(
      strings = {"proxy.example", "10.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/", "1.2.3.4/-1"})
  void refused(String text) {
    assertThat(proxies(text).refusal())
        .isEqualTo(
            "server.trustedProxies (conf.json): is \"%s\"; allowed: ".formatted(text)
                + "0..100 of IP addresses or CIDR blocks (10.0.0.0/8)");
  }

  @Test
  @DisplayName("is one of at most a hundred")
  void bounded() {
    String many = "'10.0.0.1',".repeat(100) + "'10.0.0.2'";
    assertThat(
            new Setup(dir)
                .conf("{'server':{'host':'127.0.0.1','trustedProxies':[" + many + "]}}")
                .refusal())
        .contains("server.trustedProxies", "101 entries");
  }

  private Setup proxies(String text) {
    return new Setup(dir).conf("{'server':{'host':'127.0.0.1','trustedProxies':['" + text + "']}}");
  }
}
