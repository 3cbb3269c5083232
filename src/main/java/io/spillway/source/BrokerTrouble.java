package io.spillway.source;

import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.MqttConfig;
import io.spillway.retry.NetworkFault;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with the broker, in words, and what to do about it. */
final class BrokerTrouble {
  private BrokerTrouble() {}

  /** A CONNACK that refuses (MQTT 3.1.1 section 3.2.2.3). */
  static Fault explainRefusal(MqttConnectReturnCode code, String clientId) {
    return switch (code) {
      case CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION ->
          new Fault(FaultKind.OTHER, "the broker does not speak MQTT 3.1.1");
      case CONNECTION_REFUSED_IDENTIFIER_REJECTED ->
          new Fault(
              FaultKind.CLIENT_ID,
              "identifier rejected: the broker does not allow the client id " + clientId);
      case CONNECTION_REFUSED_SERVER_UNAVAILABLE ->
          new Fault(FaultKind.OTHER, "the broker says that it is unavailable");
      case CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD ->
          new Fault(
              FaultKind.CREDENTIALS,
              "bad credentials: wrong user name or password; check edge.mqtt.username and"
                  + " edge.mqtt.password");
      case CONNECTION_REFUSED_NOT_AUTHORIZED ->
          new Fault(
              FaultKind.FORBIDDEN,
              "not authorised: the broker does not let this user or client id in; check"
                  + " edge.mqtt.username, edge.mqtt.password and the broker's rules");
      default -> new Fault(FaultKind.OTHER, "refused with code " + code.byteValue());
    };
  }

  /** Something listens there and does not answer a CONNECT. */
  static Fault noConnack(long withinMs) {
    return new Fault(
        FaultKind.TIMEOUT, "no CONNACK within " + withinMs + " ms: is this an MQTT broker?");
  }

  /** It sends what cannot be read. */
  static Fault notMqtt(Throwable error) {
    return new Fault(FaultKind.OTHER, "not MQTT: " + error.getMessage());
  }

  /** It sends what MQTT does not allow it to send. */
  static Fault unexpected(String what) {
    return new Fault(FaultKind.OTHER, what);
  }

  /** Those of the topics that the broker has refused (MQTT 3.1.1 section 3.9.3). */
  static List<String> refused(List<String> topics, List<Integer> codes) {
    List<String> refused = new ArrayList<>();
    for (int i = 0; i < topics.size(); i++) {
      if (i >= codes.size() || codes.get(i) > 2) {
        refused.add(topics.get(i));
      }
    }
    return refused;
  }

  /** What it means that the broker has refused these. */
  static Fault explainRefused(List<String> refused) {
    return refused.isEmpty()
        ? Fault.NONE
        : new Fault(
            FaultKind.FORBIDDEN,
            "subscription refused for "
                + String.join(", ", refused)
                + ": not authorised by the broker's rules (ACL)");
  }

  /** A connection that ended as soon as it was there. */
  static Fault explainBrief(Fault why, String clientId) {
    return why.as(why.words() + " at once; is another client connected as " + clientId + "?");
  }

  /** Why a connection did not come about. */
  static Fault explain(MqttConfig config, Throwable error) {
    return NetworkFault.explain(
        error,
        config.host() + ':' + config.port(),
        "; is the broker running, and is edge.mqtt.url (BROKER_URL) right?",
        "edge.mqtt.url (BROKER_URL)",
        "edge.mqtt.caFile");
  }
}
