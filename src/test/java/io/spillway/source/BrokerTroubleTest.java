package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.spillway.config.BrokerUrl;
import io.spillway.config.MqttConfig;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

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
          null);

  @Test
  @DisplayName("names the keys to look at when it refuses the connection")
  void refusals() {
    assertThat(refusal(MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD))
        .contains("bad credentials", "edge.mqtt.username");
    assertThat(refusal(MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED))
        .contains("not authorised", "edge.mqtt.username");
    assertThat(refusal(MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED))
        .contains("identifier rejected", "spillway-pi");
    assertThat(refusal(MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION))
        .contains("MQTT 3.1.1");
  }

  @Test
  @DisplayName("names the refused topics, and also those it says nothing about")
  void subscriptions() {
    List<String> topics = List.of("a", "b", "c");
    assertThat(BrokerTrouble.explainSubscription(topics, List.of(0, 1, 2))).isEmpty();
    assertThat(BrokerTrouble.explainSubscription(topics, List.of(1, 0x80, 1)))
        .contains("for b:", "ACL");
    assertThat(BrokerTrouble.explainSubscription(topics, List.of(1, 1))).contains("for c:");
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
    assertThat(BrokerTrouble.explainBrief("closed", "spillway-pi"))
        .contains("closed", "another client", "spillway-pi");
  }

  private static String refusal(MqttConnectReturnCode code) {
    return BrokerTrouble.explainRefusal(code, "spillway-pi");
  }

  private String explain(Throwable error) {
    return BrokerTrouble.explain(config, new RuntimeException(error.getMessage(), error));
  }
}
