package io.spillway.server.mqtt;

import java.util.List;

/**
 * Which topics and topic filters are allowed (MQTT 3.1.1 section 4.7): those of which every topic
 * is matched by one and the same rule.
 */
final class TopicRules {
  private static final String SHARE = "$share/";

  private final List<String[]> rules;

  private TopicRules(List<String[]> rules) {
    this.rules = rules;
  }

  /**
   * @param filters topic filters; null: whatever the broker allows
   */
  static TopicRules of(List<String> filters) {
    return new TopicRules(
        filters == null ? null : filters.stream().map(TopicRules::levels).toList());
  }

  /** Whether nothing has to be looked at. */
  boolean allowAll() {
    return rules == null;
  }

  /** Whether a message may go to {@code topic}. */
  boolean allowTopic(String topic) {
    return rules == null || covers(levels(topic));
  }

  /**
   * Whether {@code filter} may be subscribed to. Of a shared subscription (MQTT 5 section 4.8.2)
   * its filter counts, and not the name of the group.
   */
  boolean allowFilter(String filter) {
    if (rules == null) {
      return true;
    }
    if (!filter.startsWith(SHARE)) {
      return covers(levels(filter));
    }
    int slash = filter.indexOf('/', SHARE.length());
    boolean group =
        slash > SHARE.length() && !filter.substring(SHARE.length(), slash).matches(".*[+#].*");
    return group && slash + 1 < filter.length() && covers(levels(filter.substring(slash + 1)));
  }

  private boolean covers(String[] filter) {
    for (String[] rule : rules) {
      if (covers(rule, filter)) {
        return true;
      }
    }
    return false;
  }

  /** Whether every topic that {@code filter} matches is matched by {@code rule}, too. */
  private static boolean covers(String[] rule, String[] filter) {
    boolean system = filter[0].startsWith("$");
    for (int i = 0; i < rule.length; i++) {
      boolean wild = rule[i].equals("#") || rule[i].equals("+");
      if (i == 0 && wild && system) {
        return false; // section 4.7.2: a wildcard in front does not match $SYS
      }
      if (rule[i].equals("#")) {
        return true; // also the level above it
      }
      if (i == filter.length || filter[i].equals("#")) {
        return false;
      }
      if (!wild && !rule[i].equals(filter[i])) {
        return false;
      }
    }
    return rule.length == filter.length;
  }

  private static String[] levels(String filter) {
    return filter.split("/", -1);
  }
}
