package io.spillway.config;

import io.spillway.topic.TopicFilter;
import java.util.Optional;

/** What may be subscribed to: a topic filter, or a shared one, {@code $share/group/filter}. */
final class TopicFilterRule {
  static final String ALLOWED =
      "1..100 MQTT filters: # alone in the last level, + alone in its level";

  private TopicFilterRule() {}

  /** What is wrong with the filter; empty if nothing is. */
  static Optional<String> problem(String filter) {
    return TopicFilter.subscriptionProblem(filter);
  }
}
