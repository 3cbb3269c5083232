package io.spillway.source;

import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import io.spillway.topic.TopicFilter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * For which filters something has come: a broker may grant a filter, and its rules hold back all
 * that it matches. Connects nowhere.
 */
final class Arrivals {
  private static final double SECOND_MS = 1_000;

  private final List<String> topics;
  private final Map<String, TopicFilter> silent = new LinkedHashMap<>();

  /**
   * @param topics the filters, as they are configured
   */
  Arrivals(List<String> topics) {
    this.topics = topics;
    topics.forEach(filter -> silent.put(filter, TopicFilter.ofSubscription(filter)));
  }

  /**
   * A message has come.
   *
   * @return whether one has for each filter
   */
  boolean come(String topic) {
    silent.values().removeIf(filter -> filter.matches(topic));
    return isComplete();
  }

  /** Whether one has come for each filter. */
  boolean isComplete() {
    return silent.isEmpty();
  }

  /**
   * @param afterMs for how long it was waited
   */
  HopFinding judge(String hop, long afterMs) {
    if (silent.isEmpty()) {
      return HopFinding.ok(hop, "come for " + BrokerTrouble.named(topics));
    }
    return HopFinding.told(
        hop,
        Result.SKIPPED,
        String.format(
            Locale.ROOT,
            "not known: none came within %.1f s for %s; publish one there and look again: it may be"
                + " quiet there, but a Mosquitto grants also what its rules (acl_file) never let"
                + " through",
            afterMs / SECOND_MS,
            BrokerTrouble.named(List.copyOf(silent.keySet()))));
  }
}
