package io.spillway.topic;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A topic filter (MQTT 3.1.1 section 4.7): levels between slashes, any of which may be empty.
 * {@code +} matches one level; {@code #}, only at the end, the level above it and all below. A
 * wildcard in the first level does not match a topic that begins with {@code $} (section 4.7.2).
 */
public final class TopicFilter {
  /** Most bytes of a filter in UTF-8: its length has two bytes (sections 1.5.3 and 4.7.3). */
  public static final int BYTES_MAX = 65_535;

  private static final String SHARE = "$share/";

  private final String[] levels;

  private TopicFilter(String[] levels) {
    this.levels = levels;
  }

  /**
   * The filter that is written so.
   *
   * @throws IllegalArgumentException with the {@link #problem} if there is one
   */
  public static TopicFilter of(String filter) {
    problem(filter)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException("a topic filter: " + problem);
            });
    return new TopicFilter(filter.split("/", -1));
  }

  /**
   * The filter of a subscription, which may be shared: {@code $share/group/filter} (MQTT 5 section
   * 4.8.2). The name of the group says nothing of topics.
   *
   * @throws IllegalArgumentException with the {@link #subscriptionProblem} if there is one
   */
  public static TopicFilter ofSubscription(String subscription) {
    subscriptionProblem(subscription)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException("a subscription: " + problem);
            });
    return of(
        subscription.startsWith(SHARE)
            ? subscription.substring(subscription.indexOf('/', SHARE.length()) + 1)
            : subscription);
  }

  /** What is wrong with the filter; empty if nothing is. */
  public static Optional<String> problem(String filter) {
    if (filter.isEmpty()) {
      return Optional.of("empty");
    }
    if (filter.length() > BYTES_MAX || filter.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
      return Optional.of("longer than " + BYTES_MAX + " bytes");
    }
    if (filter.indexOf('\0') >= 0) {
      return Optional.of("contains the character U+0000"); // section 4.7.3
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

  /** What is wrong with a subscription, which may be shared; empty if nothing is. */
  public static Optional<String> subscriptionProblem(String subscription) {
    if (!subscription.startsWith(SHARE)) {
      return problem(subscription);
    }
    int slash = subscription.indexOf('/', SHARE.length());
    String group = slash < 0 ? "" : subscription.substring(SHARE.length(), slash);
    if (group.isEmpty() || group.contains("+") || group.contains("#")) {
      return Optional.of("$share needs a group name without + or #: $share/group/filter");
    }
    return problem(subscription.substring(slash + 1));
  }

  /** Whether it matches the topic. */
  public boolean matches(String topic) {
    return takes(topic.split("/", levels.length + 1), false);
  }

  /** Whether it matches every topic that {@code other} matches. */
  public boolean covers(TopicFilter other) {
    return takes(other.levels, true);
  }

  /** Whether some topic is matched by both. */
  public boolean overlaps(TopicFilter other) {
    if ((isWild(levels[0]) && other.levels[0].startsWith("$"))
        || (isWild(other.levels[0]) && levels[0].startsWith("$"))) {
      return false;
    }
    for (int i = 0; ; i++) {
      String mine = i < levels.length ? levels[i] : "";
      String theirs = i < other.levels.length ? other.levels[i] : "";
      if (mine.equals("#") || theirs.equals("#")) {
        return true; // it stands for the rest of the other one, also for none
      }
      if (i >= levels.length || i >= other.levels.length) {
        return levels.length == other.levels.length;
      }
      if (!mine.equals("+") && !theirs.equals("+") && !mine.equals(theirs)) {
        return false;
      }
    }
  }

  private boolean takes(String[] other, boolean filter) {
    if (isWild(levels[0]) && other[0].startsWith("$")) {
      return false;
    }
    for (int i = 0; i < levels.length; i++) {
      if (levels[i].equals("#")) {
        return true;
      }
      if (i == other.length || (filter && other[i].equals("#"))) {
        return false; // there, # stands for more than one level, or for none
      }
      if (!levels[i].equals("+") && !levels[i].equals(other[i])) {
        return false;
      }
    }
    return levels.length == other.length;
  }

  private static boolean isWild(String level) {
    return level.equals("+") || level.equals("#");
  }

  /** Its levels, of which the last may be {@code #}; not to be changed. */
  String[] levels() {
    return levels;
  }
}
