package io.spillway.server.records;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The topics with a name, in the singular, as a record's type has it, and in the plural. */
public final class TopicNames {
  /** The topic that every record is on. */
  public static final String ALL = "all";

  /** The topic of every record that tells what happened: of any type but measured or predicted. */
  public static final String EVENTS = "events";

  /** The type of a record that says nothing else. */
  public static final String DEFAULT_TYPE = "measurement";

  private static final Map<String, String> PLURALS =
      Map.of(
          "measurement", "measurements",
          "prediction", "predictions",
          "action", "actions",
          "alert", "alerts",
          "module", "modules");

  private static final Set<String> NO_EVENTS = Set.of("measurements", "predictions");
  private static final Set<String> GATHERED = Set.of(ALL, EVENTS);

  private TopicNames() {}

  /**
   * Whether this is a topic with a name, in singular or plural, {@link #EVENTS} or {@link #ALL}.
   */
  public static boolean isKnown(String topic) {
    return GATHERED.contains(topic) || PLURALS.containsKey(topic) || PLURALS.containsValue(topic);
  }

  /** The topics with a name, in the plural. */
  public static Set<String> known() {
    return new TreeSet<>(PLURALS.values());
  }

  /** Whether records of this type are on {@link #EVENTS}. */
  public static boolean isEvent(String type) {
    return !NO_EVENTS.contains(topicOf(type));
  }

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
