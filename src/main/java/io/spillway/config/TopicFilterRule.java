package io.spillway.config;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What makes a topic filter valid: MQTT 3.1.1, section 4.7, and shared subscriptions. */
final class TopicFilterRule {
  static final String ALLOWED =
      "1..100 MQTT filters: # alone in the last level, + alone in its level";
  private static final int MAX_BYTES = 65_535;
  private static final String SHARE = "$share/";

  private TopicFilterRule() {}

  /** What is wrong with the filter; empty if nothing is. */
  static Optional<String> problem(String filter) {
    if (filter.startsWith(SHARE)) {
      return sharedProblem(filter.substring(SHARE.length()));
    }
    if (filter.isEmpty()) {
      return Optional.of("empty");
    }
    if (filter.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      return Optional.of("longer than " + MAX_BYTES + " bytes");
    }
    return levelProblem(filter.split("/", -1));
  }

  private static Optional<String> levelProblem(String[] levels) {
    for (int i = 0; i < levels.length; i++) {
      if (levels[i].contains("#") && (levels[i].length() > 1 || i < levels.length - 1)) {
        return Optional.of("# is not alone in the last level");
      }
      if (levels[i].contains("+") && levels[i].length() > 1) {
        return Optional.of("+ is not alone in its level");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> sharedProblem(String rest) {
    int slash = rest.indexOf('/');
    String group = slash < 0 ? "" : rest.substring(0, slash);
    if (group.isEmpty() || group.contains("+") || group.contains("#")) {
      return Optional.of("$share needs a group name without + or #: $share/group/filter");
    }
    return problem(rest.substring(slash + 1));
  }
}
