package io.spillway.server.records;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Topics in the query of a URL, separated by commas, in one parameter or several. Unlike in a form,
 * {@code +} is a plus: in an MQTT filter it is the wildcard, and nobody writes {@code %2B} there.
 */
public final class TopicsParam {
  private TopicsParam() {}

  /**
   * The topics; null if the parameter is not there.
   *
   * @param query what is behind the question mark, as it came, or null
   * @throws IllegalArgumentException if an escape is broken
   */
  public static List<String> of(String query, String name) {
    if (query == null) {
      return null;
    }
    List<String> topics = null;
    for (String part : query.split("&", -1)) {
      if (part.startsWith(name + "=")) {
        topics = topics == null ? new ArrayList<>() : topics;
        add(topics, part.substring(name.length() + 1));
      }
    }
    return topics;
  }

  private static void add(List<String> topics, String value) {
    String text = URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    for (String topic : text.split(",", -1)) {
      if (!topic.isBlank() && !topics.contains(topic.strip())) {
        topics.add(topic.strip());
      }
    }
  }
}
