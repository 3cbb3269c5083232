package io.spillway.iaq;

import io.spillway.topic.TopicFilter;
import java.util.List;

/**
 * Which measurements are of indoor air: those that came on one of the chosen MQTT topics, and those
 * that came on none, by HTTP or a plain WebSocket.
 */
final class TopicSelector {
  private final List<TopicFilter> filters;

  /**
   * @param filters valid MQTT topic filters
   */
  TopicSelector(List<String> filters) {
    this.filters = filters.stream().map(TopicFilter::of).toList();
  }

  boolean has(Measurement measurement) {
    String topic = measurement.topic();
    return topic == null || filters.stream().anyMatch(filter -> filter.matches(topic));
  }
}
