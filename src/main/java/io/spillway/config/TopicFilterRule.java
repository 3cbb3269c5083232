package io.spillway.config;

import io.spillway.topic.TopicFilter;
import java.util.Optional;

/** What may be subscribed to: a topic filter, or a shared one, {@code $share/group/filter}. */
final class TopicFilterRule {
  static final String ALLOWED =
      "1..100 MQTT filters: # alone in the last level, + alone in its level";
  private static final String SHARE = "$share/";

  private TopicFilterRule() {}

  /** What is wrong with the filter; empty if nothing is. */
  static Optional<String> problem(String filter) {
    if (!filter.startsWith(SHARE)) {
      return TopicFilter.problem(filter);
    }
    String rest = filter.substring(SHARE.length());
    int slash = rest.indexOf('/');
    String group = slash < 0 ? "" : rest.substring(0, slash);
    if (group.isEmpty() || group.contains("+") || group.contains("#")) {
      return Optional.of("$share needs a group name without + or #: $share/group/filter");
    }
    return problem(rest.substring(slash + 1));
  }
}
