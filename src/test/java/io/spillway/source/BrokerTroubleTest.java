package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.BrokerUrl;
import io.spillway.config.MqttConfig;
import io.spillway.config.Scalars;
import java.net.ConnectException;
import java.net.SocketException;
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
          Scalars.REJECT,
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
    assertThat(explained(topics, List.of(0, 1, 2))).isEqualTo(Fault.NONE);
    assertThat(explained(topics, List.of(1, 0x80, 1)).words()).contains("for b:", "ACL");
    assertThat(explained(topics, List.of(1, 1)).words()).contains("for c:");
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
    Fault refusal =
        BrokerTrouble.explainRefusal(
            MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED, "spillway-pi");
    assertThat(refusal.kind()).isEqualTo(FaultKind.FORBIDDEN);
    Fault told = BrokerTrouble.explain(config, refusal.failure());
    assertThat(told.kind()).isEqualTo(FaultKind.FORBIDDEN);
    assertThat(told.words()).isEqualTo("broker:1883: " + refusal.words());
    assertThat(BrokerTrouble.explain(config, new ConnectException("x")).kind())
        .isEqualTo(FaultKind.REFUSED);
    assertThat(BrokerTrouble.explain(config, new SocketException("reset")).kind())
        .isEqualTo(FaultKind.CUT);
  }

  private static String refusal(MqttConnectReturnCode code) {
    return BrokerTrouble.explainRefusal(code, "spillway-pi").words();
  }

  private String explain(Throwable error) {
    return BrokerTrouble.explain(config, new RuntimeException(error.getMessage(), error)).words();
  }

  private static Fault explained(List<String> topics, List<Integer> codes) {
    return BrokerTrouble.explainRefused(BrokerTrouble.refused(topics, codes));
  }
}
