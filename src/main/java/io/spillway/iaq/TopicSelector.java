package io.spillway.iaq;

import java.util.List;

/**
 * Which measurements are of indoor air: those that came on one of the chosen MQTT topics, and those
 * that came on none, by HTTP or a plain WebSocket.
 */
final class TopicSelector {
  private final List<String[]> filters;

  /**
   * @param filters valid MQTT topic filters
   */
  TopicSelector(List<String> filters) {
    this.filters = filters.stream().map(filter -> filter.split("/", -1)).toList();
  }

  boolean has(Measurement measurement) {
    if (measurement.topic() == null) {
      return true;
    }
    String[] levels = measurement.topic().split("/", -1);
    return filters.stream().anyMatch(filter -> matches(filter, levels));
  }

  /** MQTT 3.1.1 section 4.7. */
  private static boolean matches(String[] filter, String[] topic) {
    boolean wild = filter[0].equals("#") || filter[0].equals("+");
    if (wild && topic[0].startsWith("$")) {
      return false;
    }
    for (int i = 0; i < filter.length; i++) {
      if (filter[i].equals("#")) {
        return true;
      }
      if (i == topic.length || !(filter[i].equals("+") || filter[i].equals(topic[i]))) {
        return false;
      }
    }
    return filter.length == topic.length;
  }
}
