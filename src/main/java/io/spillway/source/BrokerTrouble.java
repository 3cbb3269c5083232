package io.spillway.source;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.MqttConfig;
import io.spillway.retry.NetworkFault;
import io.spillway.source.SubscriptionPlan.Shortfall;
import io.spillway.topic.TopicText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is wrong with the broker, in words, and what to do about it. */
final class BrokerTrouble {
  private static final int UNSPECIFIED = 0x80;
  private static final int NOT_AUTHORISED = 0x87;
  private static final int QOS_MAX = 2;
  private static final int TOPICS_NAMED = 10;

  private BrokerTrouble() {}

  /**
   * A CONNACK that refuses: MQTT 3.1.1 (section 3.2.2.3) has the codes up to 5, and brokers use
   * those of MQTT 5 (section 3.2.2.2), from 0x80 on.
   */
  static Fault explainRefusal(int code, String clientId) {
    return switch (code) {
      case 1, 0x84 -> new Fault(FaultKind.OTHER, "the broker does not speak MQTT 3.1.1");
      case 2, 0x85 ->
          new Fault(
              FaultKind.CLIENT_ID,
              "identifier rejected: the broker does not allow the client id " + clientId);
      case 3, 0x88 -> new Fault(FaultKind.OTHER, "the broker says that it is unavailable");
      case 4, 0x86 ->
          new Fault(
              FaultKind.CREDENTIALS,
              "bad credentials: wrong user name or password; check edge.mqtt.username and"
                  + " edge.mqtt.password");
      case 5, NOT_AUTHORISED ->
          new Fault(
              FaultKind.FORBIDDEN,
              "not authorised: the broker does not let this user or client id in; check"
                  + " edge.mqtt.username, edge.mqtt.password and the broker's rules");
      case 0x8A -> new Fault(FaultKind.FORBIDDEN, "the broker has banned this client (0x8A)");
      default ->
          new Fault(
              FaultKind.OTHER,
              "the broker refuses the connection with code 0x%02X: %s"
                  .formatted(code, refusal(code)));
    };
  }

  private static String refusal(int code) {
    return switch (code) {
      case UNSPECIFIED -> "it gives no reason";
      case 0x81 -> "it could not read the CONNECT";
      case 0x82 -> "it takes the CONNECT for a mistake";
      case 0x89 -> "it is busy";
      case 0x97 -> "quota exceeded";
      case 0x9C, 0x9D -> "another server is to be used";
      case 0x9F -> "too many connections in a short time";
      default -> "MQTT 3.1.1 does not know it";
    };
  }

  /** Something listens there and does not answer a CONNECT. */
  static Fault noConnack(long withinMs) {
    return new Fault(
        FaultKind.TIMEOUT, "no CONNACK within " + withinMs + " ms: is this an MQTT broker?");
  }

  /** Half-open, or too busy to answer. */
  static Fault silent(long forMs) {
    return new Fault(
        FaultKind.TIMEOUT, "nothing heard for " + forMs + " ms, not even an answer to a ping");
  }

  /** It sends what cannot be read. */
  static Fault notMqtt(Throwable error) {
    return new Fault(FaultKind.OTHER, "not MQTT: " + error.getMessage());
  }

  /** A fault of this process, such as too little memory. */
  static Fault notTaken(Throwable error) {
    return new Fault(FaultKind.OTHER, "a message could not be taken: " + error);
  }

  /** It sends what MQTT does not allow it to send. */
  static Fault unexpected(String what) {
    return new Fault(FaultKind.OTHER, what);
  }

  /** What the broker does not grant as it was asked for, and what that means. */
  static Fault explain(Shortfall shortfall, int qos) {
    if (shortfall.codes().isEmpty()) {
      return Fault.NONE;
    }
    Map<Integer, List<String>> byCode = new TreeMap<>(Comparator.reverseOrder());
    shortfall
        .codes()
        .forEach(
            (filter, code) -> byCode.computeIfAbsent(code, c -> new ArrayList<>()).add(filter));
    List<String> parts = new ArrayList<>();
    byCode.forEach((code, filters) -> parts.add(explain(code, named(filters), qos)));
    String kept =
        shortfall.kept().isEmpty()
            ? ""
            : "; until it is granted, " + named(shortfall.kept()) + " stays subscribed";
    boolean forbidden = byCode.containsKey(UNSPECIFIED) || byCode.containsKey(NOT_AUTHORISED);
    return new Fault(
        forbidden ? FaultKind.FORBIDDEN : FaultKind.OTHER, String.join(", and ", parts) + kept);
  }

  private static String explain(int code, String filters, int qos) {
    if (code == SubscriptionPlan.UNANSWERED) {
      return "subscription not granted for " + filters + ": no answer has come";
    }
    if (code > QOS_MAX) {
      return "subscription refused for " + filters + ": " + reason(code);
    }
    String means =
        code == 0
            ? "what is published while this edge is away, or its link is down, is lost"
            : "a message may come twice";
    return "QoS %d granted for %s where %d was asked for: %s".formatted(code, filters, qos, means);
  }

  /** Of a SUBACK; MQTT 3.1.1 has but 0x80, and brokers use those of MQTT 5 (section 3.9.3). */
  private static String reason(int code) {
    String words =
        switch (code) {
          case UNSPECIFIED -> "the broker gives no reason, and most often it is its rules (ACL)";
          case 0x83 -> "the broker does not do that";
          case NOT_AUTHORISED -> "not authorised by the broker's rules (ACL)";
          case 0x8F -> "the broker does not allow such a topic filter";
          case 0x91 -> "packet identifier in use";
          case 0x97 -> "quota exceeded";
          case 0x9E -> "the broker has no shared subscriptions ($share)";
          case 0xA1 -> "the broker has no subscription identifiers";
          case 0xA2 -> "the broker has no wildcards in subscriptions";
          default -> "a code that MQTT does not know";
        };
    return words + " (0x%02X)".formatted(code);
  }

  /** Topics as a person can read them: neither very many nor very long. */
  static String named(List<String> topics) {
    int more = topics.size() - TOPICS_NAMED;
    return topics.stream()
            .limit(TOPICS_NAMED)
            .map(TopicText::shortened)
            .collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }

  /** A connection that ended as soon as it was there. */
  static Fault explainBrief(Fault why, String clientId) {
    return why.as(why.words() + " at once; is another client connected as " + clientId + "?");
  }

  /** Why a connection did not come about. */
  static Fault explain(MqttConfig config, Throwable error) {
    return NetworkFault.explain(
        error,
        config.url().substring(config.url().indexOf("//") + 2), // IPv6 in brackets
        "; is the broker running, and is edge.mqtt.url (BROKER_URL) right?",
        "edge.mqtt.url (BROKER_URL)",
        "edge.mqtt.caFile");
  }
}
