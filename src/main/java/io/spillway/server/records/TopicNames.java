package io.spillway.server.records;

import java.util.Map;

/** The topics with a name, in the singular, as a record's type has it, and in the plural. */
public final class TopicNames {
  /** The topic that every record is on. */
  public static final String ALL = "all";

  /** The type of a record that says nothing else. */
  public static final String DEFAULT_TYPE = "measurement";

  private static final Map<String, String> PLURALS =
      Map.of(
          "measurement", "measurements",
          "prediction", "predictions",
          "action", "actions",
          "alert", "alerts",
          "module", "modules");

  private TopicNames() {}

  /** The topic of a type: the plural if there is one, else the type itself. */
  public static String topicOf(String type) {
    return PLURALS.getOrDefault(type, type);
  }

  /** The type of the records on a topic: the singular if there is one, else the same. */
  public static String typeOf(String topic) {
    for (Map.Entry<String, String> name : PLURALS.entrySet()) {
      if (name.getValue().equals(topic)) {
        return name.getKey();
      }
    }
    return topic;
  }
}
