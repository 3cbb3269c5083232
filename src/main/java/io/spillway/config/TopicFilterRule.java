package io.spillway.config;

import io.spillway.topic.TopicFilter;
import java.util.Optional;

/** What may be subscribed to, and what a rule about topics may say. */
final class TopicFilterRule {
  static final String ALLOWED = "MQTT filters: # alone in the last level, + alone in its level";

  private TopicFilterRule() {}

  /** What is wrong with a filter, shared or not; empty if nothing is. */
  static Optional<String> problem(String filter) {
    return TopicFilter.subscriptionProblem(filter);
  }

  /** Likewise of a rule, which names no group of subscribers. */
  static Optional<String> ruleProblem(String filter) {
    return filter.startsWith("$share/")
        ? Optional.of("a rule names topics, not a group of subscribers")
        : TopicFilter.problem(filter);
  }
}
