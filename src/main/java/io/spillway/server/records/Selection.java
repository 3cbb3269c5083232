package io.spillway.server.records;

import io.spillway.topic.FilterTree;
import io.spillway.topic.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The topics a reader has chosen: {@code all}, names, event types, MQTT filters. Immutable; two of
 * the same topics are equal.
 */
public final class Selection {
  /** Nothing at all. */
  public static final Selection NONE = new Selection(Set.of());

  /** Every record. */
  public static final Selection ALL = new Selection(Set.of(TopicNames.ALL));

  /** Most topics a reader may choose. */
  public static final int TOPICS_MAX = 100;

  private static final int TOPIC_BYTES_MAX = 1_024;

  private final Set<String> topics;
  private final Set<String> names = new TreeSet<>();
  private final Set<String> filters = new TreeSet<>();
  private final FilterTree<Boolean> tree = new FilterTree<>();

  private Selection(Collection<String> chosen) {
    topics = new TreeSet<>(chosen);
    for (String topic : topics) {
      if (!isPattern(topic)) {
        names.add(TopicNames.topicOf(topic));
      }
      if (!TopicNames.isKnown(topic)) { // another name may be an MQTT topic of one level, too
        filters.add(topic);
        tree.add(topic, true);
      }
    }
  }

  /** These topics, each of which has no {@link #problem}. */
  public static Selection of(Collection<String> topics) {
    return new Selection(topics);
  }

  /** Why these cannot be chosen; empty if they can. */
  public static Optional<String> problem(Collection<String> topics) {
    if (topics.size() > TOPICS_MAX) {
      return Optional.of("at most " + TOPICS_MAX + " topics, not " + topics.size());
    }
    for (String topic : topics) {
      Optional<String> problem =
          topic.getBytes(StandardCharsets.UTF_8).length > TOPIC_BYTES_MAX
              ? Optional.of("longer than " + TOPIC_BYTES_MAX + " bytes")
              : TopicFilter.problem(topic);
      if (problem.isPresent()) {
        String shown = topic.length() > 50 ? topic.substring(0, 50) + "…" : topic;
        return Optional.of("topic \"" + shown + "\": " + problem.get());
      }
    }
    return Optional.empty();
  }

  /** With more topics. */
  public Selection with(Collection<String> more) {
    Set<String> sum = new TreeSet<>(topics);
    sum.addAll(more);
    return new Selection(sum);
  }

  /** Without some topics. */
  public Selection without(Collection<String> fewer) {
    Set<String> rest = new TreeSet<>(topics);
    for (String topic : fewer) {
      String name = TopicNames.topicOf(topic); // a name in the singular is the same in the plural
      rest.removeIf(chosen -> TopicNames.topicOf(chosen).equals(name));
    }
    return new Selection(rest);
  }

  /** The topics as they were given, in alphabetical order. */
  public List<String> topics() {
    return List.copyOf(topics);
  }

  public boolean isAll() {
    return topics.contains(TopicNames.ALL);
  }

  /** Names and event types; names in the plural. */
  public Set<String> names() {
    return names;
  }

  /** MQTT filters. */
  public Set<String> filters() {
    return filters;
  }

  /** Whether a record on these topics, which came on {@code mqttTopic} or null, is among them. */
  public boolean matches(Collection<String> recordTopics, String mqttTopic) {
    if (isAll() || recordTopics.stream().anyMatch(names::contains)) {
      return true;
    }
    boolean[] found = {false};
    if (mqttTopic != null) {
      tree.match(mqttTopic, match -> found[0] = true);
    }
    return found[0];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Selection selection && selection.topics.equals(topics);
  }

  @Override
  public int hashCode() {
    return topics.hashCode();
  }

  @Override
  public String toString() {
    return topics.toString();
  }

  private static boolean isPattern(String topic) {
    return topic.indexOf('/') >= 0 || topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0;
  }
}
