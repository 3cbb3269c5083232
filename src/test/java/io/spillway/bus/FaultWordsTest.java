package io.spillway.bus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The words of a peer that names no kinds")
class FaultWordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "connection refused by h:1883; is the broker running? ~ REFUSED",
        "the broker closed the connection ~ CUT",
        "the broker closed the connection at once; is another client connected as x? ~ CUT",
        "no address is known for h; check edge.mqtt.url ~ UNKNOWN_HOST",
        "TLS with h:8883: expired; for a certificate of your own authority set x ~ TLS",
        "bad credentials: wrong user name or password; check edge.mqtt.username ~ CREDENTIALS",
        "not authorised: the broker does not let this user in; check the password ~ FORBIDDEN",
        "subscription refused for a/#: not authorised by the broker's rules (ACL) ~ FORBIDDEN",
        "HTTP 401: missing or wrong token; check edge.uplink.token ~ CREDENTIALS",
        "HTTP 502: the proxy or tunnel answers, the server behind it does not ~ PROXY",
        "refused by the server (1008); check the token ~ CREDENTIALS",
        "the server is stopping (1001) ~ STOPPING",
        "no pong for 10000 ms: the link is dead ~ TIMEOUT",
        "no acknowledgement for 15000 ms: the server hangs ~ TIMEOUT",
        "spool.maxBytes of 1,024 is reached; the broker keeps the messages ~ FULL",
        "No space left on device ~ DISK",
        "1,234 waiting, none done for 17 s ~ STALLED",
        "not connected (1006) ~ NOT_CONNECTED",
        "db:5432/x: FATAL; check the user in sinks.postgres.url and the password ~ CREDENTIALS",
        "what is this? ~ OTHER"
      })
  @DisplayName("tell the kind of a fault")
  void kinds(String words, FaultKind kind) {
    assertThat(FaultWords.kindOf(words)).isEqualTo(kind);
  }

  @Test
  @DisplayName("are not asked if it names a kind that is known")
  void named() {
    assertThat(Fault.told("disk", "connection refused").kind()).isEqualTo(FaultKind.DISK);
    assertThat(Fault.told("meteor", "connection refused").kind()).isEqualTo(FaultKind.REFUSED);
    assertThat(Fault.told(null, "connection refused").kind()).isEqualTo(FaultKind.REFUSED);
    assertThat(Fault.told("disk", "")).isEqualTo(Fault.NONE);
  }
}
