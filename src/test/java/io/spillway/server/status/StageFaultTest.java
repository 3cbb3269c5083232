package io.spillway.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.FaultKind;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A fault")
class StageFaultTest {
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
  @DisplayName("is of a sort that is told from its words")
  void kinds(String words, FaultKind kind) {
    assertThat(StageFault.of(words, 0, 0).kind()).isEqualTo(kind);
  }

  @Test
  @DisplayName("says what to do behind its semicolon, or what helps with most of its sort")
  void cure() {
    StageFault told = StageFault.of("connection refused by h; is it running; or not?", 0, 0);
    assertThat(told.reason()).isEqualTo("connection refused by h");
    assertThat(told.cure()).isEqualTo("is it running; or not?");
    assertThat(StageFault.of("connection refused by h", 0, 0).cure())
        .isEqualTo(FaultKind.REFUSED.cure());
    assertThat(StageFault.of("odd; ", 0, 0).cure()).as("nothing").isEqualTo(FaultKind.OTHER.cure());
  }

  @Test
  @DisplayName("is told with its times, without an end while it lasts")
  void json() {
    JsonObject lasting = StageFault.of("x; y", 0, 0).json();
    assertThat(lasting.getString("kind")).isEqualTo("other");
    assertThat(lasting.getString("since")).isEqualTo("1970-01-01T00:00:00.000Z");
    assertThat(lasting.getValue("until")).isNull();
    assertThat(StageFault.of("x", 0, 1_000).json().getString("until"))
        .isEqualTo("1970-01-01T00:00:01.000Z");
  }
}
