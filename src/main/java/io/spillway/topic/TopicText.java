package io.spillway.topic;

/** A topic or filter as a person may be shown it: either may have 65,535 bytes (section 4.7.3). */
public final class TopicText {
  private static final int SHOWN_MAX = 120;

  private TopicText() {}

  /** The topic, or its beginning and how many characters it has. */
  public static String shortened(String topic) {
    if (topic.length() <= SHOWN_MAX) {
      return topic;
    }
    boolean pair = Character.isHighSurrogate(topic.charAt(SHOWN_MAX - 1));
    return topic.substring(0, pair ? SHOWN_MAX - 1 : SHOWN_MAX)
        + "… (%,d characters)".formatted(topic.length());
  }
}
