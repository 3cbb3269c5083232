package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.BrokerUrl;
import io.spillway.config.MqttConfig;
import io.spillway.config.Scalars;
import io.spillway.retry.Backoff;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Trouble with the broker")
class BrokerTroubleTest {
  private final MqttConfig config =
      new MqttConfig(
          new BrokerUrl("broker", 1883, false, null, null),
          List.of("#"),
          1,
          null,
          null,
          null,
          64,
          Scalars.REJECT,
          null);

  @Test
  @DisplayName("names the keys to look at when it refuses the connection")
  void refusals() {
    assertThat(refusal(4)).contains("bad credentials", "edge.mqtt.username");
    assertThat(refusal(5)).contains("not authorised", "edge.mqtt.username");
    assertThat(refusal(2)).contains("identifier rejected", "spillway-pi");
    assertThat(refusal(1)).contains("MQTT 3.1.1");
  }

  @Test
  @DisplayName("names the refused topics, and also those it says nothing about")
  void subscriptions() {
    List<String> topics = List.of("a", "b", "c");
    assertThat(explained(topics, List.of(1, 1, 2))).isEqualTo(Fault.NONE);
    assertThat(explained(topics, List.of(1, 0x80, 1)).words()).contains("for b:", "ACL");
    assertThat(explained(topics, List.of(1, 1)).words()).contains("for c:");
  }

  @Test
  @DisplayName("is told by any code of the CONNACK, also by those of MQTT 5 and by unknown ones")
  void codes() {
    assertThat(refusal(0x86)).isEqualTo(refusal(4));
    assertThat(refusal(0x87)).isEqualTo(refusal(5));
    assertThat(refusal(0x85)).isEqualTo(refusal(2));
    assertThat(refusal(0x84)).isEqualTo(refusal(1));
    assertThat(refusal(0x88)).isEqualTo(refusal(3)).contains("unavailable");
    assertThat(refusal(0x89)).contains("code 0x89", "busy");
    for (int code = 6; code <= 0xff; code++) {
      assertThat(refusal(code)).isNotBlank();
    }
    assertThat(refusal(0x7f)).contains("code 0x7F", "MQTT 3.1.1 does not know it");
    assertThat(refusal(0xff)).contains("code 0xFF");
  }

  @ParameterizedTest(name = "0x{0}: {1}")
  @CsvSource({
    "80,ACL",
    "83,does not do that",
    "87,not authorised",
    "8F,topic filter",
    "91,packet identifier in use",
    "97,quota exceeded",
    "9E,$share",
    "A2,wildcards",
    "55,a code that MQTT does not know",
    "7F,a code that MQTT does not know",
    "FF,a code that MQTT does not know"
  })
  @DisplayName("is told by the code of the SUBACK, and only some of them are rules")
  void reasons(String code, String words) {
    Fault fault = explained(List.of("a"), List.of(Integer.parseInt(code, 16)));
    assertThat(fault.words()).contains("for a:", words, "0x" + code);
    assertThat(fault.kind() == FaultKind.FORBIDDEN)
        .isEqualTo(code.equals("80") || code.equals("87"));
    assertThat(fault.words().contains("ACL")).isEqualTo(fault.kind() == FaultKind.FORBIDDEN);
  }

  @Test
  @DisplayName("names topics that are granted at a lower QoS, and what is lost there")
  void lower() {
    assertThat(explained(List.of("low/#", "b"), List.of(0, 1)).words())
        .isEqualTo(
            "QoS 0 granted for low/# where 1 was asked for: what is published while this edge is"
                + " away, or its link is down, is lost");
  }

  @Test
  @DisplayName("tells several things at once, of many and of long topics only the beginning")
  void bounded() {
    List<String> topics = new ArrayList<>(List.of("t".repeat(60_000)));
    List<Integer> codes = new ArrayList<>(List.of(0x97));
    for (int i = 0; i < 99; i++) {
      topics.add("low/" + i);
      codes.add(0);
    }
    assertThat(explained(topics, codes).words())
        .startsWith("subscription refused for ttt")
        .contains("… (60,000 characters): quota exceeded", ", and QoS 0 granted for low/0, ")
        .contains("low/9 and 89 more where 1 was asked for")
        .hasSizeLessThan(600);
  }

  @Test
  @DisplayName("tells a refused connection, an unknown name and a certificate apart")
  void connections() {
    assertThat(explain(new ConnectException("Connection refused")))
        .contains("connection refused by broker:1883", "BROKER_URL");
    assertThat(explain(new UnknownHostException("broker"))).contains("no address", "broker");
    assertThat(explain(new SSLHandshakeException("PKIX path"))).contains("TLS", "edge.mqtt.caFile");
    assertThat(explain(new IllegalStateException("else"))).isEqualTo("broker:1883: else");
  }

  @Test
  @DisplayName("suspects another client of the same name behind a connection cut at once")
  void brief() {
    Fault closed = new Fault(FaultKind.CUT, "closed");
    assertThat(BrokerTrouble.explainBrief(closed, "spillway-pi").words())
        .contains("closed", "another client", "spillway-pi");
  }

  @Test
  @DisplayName("says of which kind it is, also behind the error of a connection attempt")
  void kinds() {
    Fault refusal = BrokerTrouble.explainRefusal(5, "spillway-pi");
    assertThat(refusal.kind()).isEqualTo(FaultKind.FORBIDDEN);
    Fault told = BrokerTrouble.explain(config, refusal.failure());
    assertThat(told.kind()).isEqualTo(FaultKind.FORBIDDEN);
    assertThat(told.words()).isEqualTo("broker:1883: " + refusal.words());
    assertThat(BrokerTrouble.explain(config, new ConnectException("x")).kind())
        .isEqualTo(FaultKind.REFUSED);
    assertThat(BrokerTrouble.explain(config, new SocketException("reset")).kind())
        .isEqualTo(FaultKind.CUT);
  }

  private static String refusal(int code) {
    return BrokerTrouble.explainRefusal(code, "spillway-pi").words();
  }

  private String explain(Throwable error) {
    return BrokerTrouble.explain(config, new RuntimeException(error.getMessage(), error)).words();
  }

  private static Fault explained(List<String> topics, List<Integer> codes) {
    Backoff never = new Backoff(Duration.ofDays(1), Duration.ofDays(1));
    SubscriptionPlan subscriptions =
        new SubscriptionPlan(1, never, never, topics, KnownFilters.NONE);
    subscriptions.connected(false);
    int packetId = subscriptions.next(0, inFlight -> false).packetId();
    subscriptions.subscribed(packetId, codes, 0);
    return BrokerTrouble.explain(subscriptions.shortfall(), 1);
  }
}
