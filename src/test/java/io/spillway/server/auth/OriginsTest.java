package io.spillway.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Of web pages")
class OriginsTest {
  private static final Origins OWN = new Origins(List.of());
  private static final Origins SOME =
      new Origins(List.of("https://a.example", "http://b.example:8080", "https://c.example:443"));
  private static final Origins ANY = new Origins(List.of("*"));

  @ParameterizedTest(name = "one of {0} is the server''s own at {1}: {2}")
  @CsvSource({
    "http://127.0.0.1:3006, 127.0.0.1:3006, true",
    "https://127.0.0.1:3006, 127.0.0.1:3006, true",
    "http://Bridge.Example, bridge.example, true",
    "https://bridge.example, BRIDGE.example, true",
    "https://bridge.example:443, bridge.example, true",
    "https://bridge.example, bridge.example:443, true",
    "http://bridge.example, bridge.example:80, true",
    "http://[::1]:3006, [::1]:3006, true",
    "http://bridge.example, bridge.example:443, false",
    "http://bridge.example:8080, bridge.example, false",
    "http://127.0.0.1:3007, 127.0.0.1:3006, false",
    "http://localhost:3006, 127.0.0.1:3006, false",
    "http://evil.example, 127.0.0.1:3006, false",
    "http://127.0.0.1:3006.evil.example, 127.0.0.1:3006, false",
    "http://127.0.0.1:3006@evil.example, 127.0.0.1:3006, false",
    "null, 127.0.0.1:3006, false",
    "null, null, false",
    "'', 127.0.0.1:3006, false",
    "'http://', 127.0.0.1:3006, false",
    "nonsense, nonsense, false",
    "file:///, 127.0.0.1:3006, false",
  })
  void own(String origin, String host, boolean allowed) {
    assertThat(OWN.allows(origin, host)).isEqualTo(allowed);
    assertThat(ANY.allows(origin, host)).isTrue();
  }

  @ParameterizedTest(name = "one of {0} is on the list: {1}")
  @CsvSource({
    "https://a.example, true",
    "https://A.Example, true",
    "https://a.example:443, true",
    "https://c.example, true",
    "http://b.example:8080, true",
    "http://a.example, false",
    "https://a.example:8443, false",
    "http://b.example, false",
    "https://a.example.evil, false",
    "null, false",
    "*, false",
  })
  void listed(String origin, boolean allowed) {
    assertThat(SOME.allows(origin, "server:3006")).isEqualTo(allowed);
  }

  @Test
  @DisplayName("without a Host header none is the server's own")
  void noHost() {
    assertThat(OWN.allows("http://null", null)).isFalse();
  }
}
