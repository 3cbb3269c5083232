package io.spillway.replay;

import io.spillway.topic.TopicFilter;
import picocli.CommandLine.Option;

/** What a command line says of the lines that it wants. */
final class ChoiceOptions {
  @Option(
      names = "--from",
      paramLabel = "N",
      description = "the first line; of a directory, the first offset")
  private Long from;

  @Option(names = "--to", paramLabel = "N", description = "the last one")
  private Long to;

  @Option(
      names = "--topic",
      paramLabel = "FILTER",
      description = "only what came on topics that this MQTT filter matches")
  private String topic;

  @Option(
      names = "--wrap",
      description = "to a server, of what was rejected: a bare value becomes {\"value\": …}")
  private boolean wrap;

  boolean isWrapping() {
    return wrap;
  }

  /**
   * The choice.
   *
   * @throws IllegalArgumentException with what is wrong, in words
   */
  Choice choice() {
    long first = from == null ? 1 : from;
    long last = to == null ? Long.MAX_VALUE : to;
    if (first < 1 || last < first) {
      throw new IllegalArgumentException(
          "--from and --to: whole numbers from 1 on, the lower first");
    }
    if (topic != null) {
      TopicFilter.problem(topic)
          .ifPresent(
              problem -> {
                throw new IllegalArgumentException("--topic: " + problem);
              });
    }
    return new Choice(first, last, topic, wrap);
  }
}
