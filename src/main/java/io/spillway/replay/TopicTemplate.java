package io.spillway.replay;

import java.nio.charset.StandardCharsets;

/**
 * On which topic a line is published.
 *
 * @param text {@code {topic}} in it stands for the topic that it came on
 */
record TopicTemplate(String text) {
  static final String ORIGINAL = "original";

  private static final String TOPIC = "{topic}";
  private static final int BYTES_MAX = 65_535;

  /** As it is given; {@value #ORIGINAL}: on the same topic. */
  static TopicTemplate of(String given) {
    return new TopicTemplate(given.equals(ORIGINAL) ? TOPIC : given);
  }

  /** What is wrong with it; empty if nothing is. */
  String problem() {
    String fault = fault(text.replace(TOPIC, "a"));
    return fault.isEmpty() && text.replace(TOPIC, "").matches(".*[{}].*")
        ? "only {topic} has a meaning between { and }"
        : fault;
  }

  private boolean needsTopic() {
    return text.contains(TOPIC);
  }

  /** The topic for a line that came on {@code topic}, or on none, null; null: there is no such. */
  String fill(String topic) {
    if (topic == null && needsTopic()) {
      return null;
    }
    String made = topic == null ? text : text.replace(TOPIC, topic);
    return fault(made).isEmpty() ? made : null;
  }

  /** Why nothing can be published so (MQTT 3.1.1 section 3.3.2.1); empty if it can. */
  private static String fault(String topic) {
    if (topic.isEmpty()) {
      return "a topic has at least one character";
    }
    if (topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0 || topic.indexOf('\0') >= 0) {
      return "a topic to publish on has no + and no #";
    }
    return topic.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX
        ? "a topic has at most 65,535 bytes"
        : "";
  }
}
