package io.spillway.topic;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What makes an MQTT topic filter valid (MQTT 3.1.1 section 4.7). */
public final class TopicFilter {
  private static final int BYTES_MAX = 65_535;

  private TopicFilter() {}

  /** What is wrong with the filter; empty if nothing is. */
  public static Optional<String> problem(String filter) {
    if (filter.isEmpty()) {
      return Optional.of("empty");
    }
    if (filter.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
      return Optional.of("longer than " + BYTES_MAX + " bytes");
    }
    String[] levels = filter.split("/", -1);
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
}
