package io.spillway.config;

import io.spillway.topic.TopicFilter;
import java.util.regex.Pattern;

/**
 * Puts what comes on some MQTT topics on a topic with a name.
 *
 * @param filter an MQTT topic filter
 * @param topic for example {@code alerts}; a record without a type of its own gets the singular
 */
public record RouteConfig(String filter, String topic) {
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final Pattern FILTER = Pattern.compile(".{1,1024}");
  private static final String FILTER_ALLOWED = "an MQTT topic filter";

  static RouteConfig from(Section section) throws ConfigException {
    RouteConfig route =
        new RouteConfig(
            section.requiredText("filter", FILTER, FILTER_ALLOWED),
            section.requiredText("topic", TOPIC, "1..64 of A-Z a-z 0-9 _ . -"));
    String problem = TopicFilter.problem(route.filter).orElse(null);
    if (problem != null) {
      throw section.wrong("filter", Section.found(route.filter) + ", " + problem, FILTER_ALLOWED);
    }
    section.rejectUnknownKeys();
    return route;
  }
}
