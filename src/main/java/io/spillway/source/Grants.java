package io.spillway.source;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.hop.HopFinding;
import io.spillway.source.SubscriptionPlan.Shortfall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What it means that a broker grants topics as it does. */
final class Grants {
  private static final int QOS_MAX = 2;
  private static final String LOWER =
      "raise the highest QoS that the broker grants (Mosquitto: max_qos), or ask for no more by"
          + " edge.mqtt.qos";
  private static final String REFUSED =
      "see the log of the broker, and name in edge.mqtt.topics what it can do";

  private Grants() {}

  /**
   * @param topics as they are configured
   * @param codes what the broker has answered, in the same order: a QoS, or a refusal
   * @param qos that was asked for
   */
  static HopFinding judge(String hop, List<String> topics, List<Integer> codes, int qos) {
    Map<String, Integer> lacking = new LinkedHashMap<>();
    boolean lost = false;
    boolean refused = false;
    for (int i = 0; i < topics.size(); i++) {
      int code = i < codes.size() ? codes.get(i) : SubscriptionPlan.UNANSWERED;
      boolean granted = code >= 0 && code <= QOS_MAX;
      if (!granted || code < qos) {
        lacking.put(topics.get(i), code);
        refused |= !granted;
        lost |= !granted || code == 0;
      }
    }
    Fault fault = BrokerTrouble.explain(new Shortfall(lacking, List.of()), qos);
    if (fault.isEmpty()) {
      return HopFinding.ok(
          hop, "QoS %d granted for %s".formatted(qos, BrokerTrouble.named(topics)));
    }
    String cure =
        fault.kind() == FaultKind.FORBIDDEN ? fault.kind().cure() : refused ? REFUSED : LOWER;
    return lost
        ? HopFinding.failed(hop, fault.words(), cure)
        : HopFinding.notice(hop, fault.words(), cure);
  }
}
