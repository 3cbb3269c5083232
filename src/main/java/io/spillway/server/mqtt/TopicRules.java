package io.spillway.server.mqtt;

import io.spillway.topic.TopicFilter;
import java.util.List;

/**
 * Which topics and topic filters are allowed: those of which every topic is matched by one and the
 * same rule.
 */
final class TopicRules {
  private final List<TopicFilter> rules;

  private TopicRules(List<TopicFilter> rules) {
    this.rules = rules;
  }

  /**
   * @param filters valid topic filters; null: whatever the broker allows
   */
  static TopicRules of(List<String> filters) {
    return new TopicRules(filters == null ? null : filters.stream().map(TopicFilter::of).toList());
  }

  /** Whether nothing has to be looked at. */
  boolean allowAll() {
    return rules == null;
  }

  /** Whether a message may go to {@code topic}. */
  boolean allowTopic(String topic) {
    return rules == null || rules.stream().anyMatch(rule -> rule.matches(topic));
  }

  /**
   * Whether {@code subscription} may be made. Of a shared one (MQTT 5 section 4.8.2) the filter
   * counts, and not the name of the group.
   */
  boolean allowFilter(String subscription) {
    if (rules == null) {
      return true;
    }
    if (TopicFilter.subscriptionProblem(subscription).isPresent()) {
      return false;
    }
    TopicFilter filter = TopicFilter.ofSubscription(subscription);
    return rules.stream().anyMatch(rule -> rule.covers(filter));
  }
}
