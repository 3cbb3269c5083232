package io.spillway.replay;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What a command line says of a broker. */
final class BrokerOptions {
  @Option(
      names = "--mqtt",
      paramLabel = "URL",
      description = "mqtt://[user@]host:port or mqtts://…")
  private String mqtt;

  @Option(
      names = "--to-topic",
      paramLabel = "TOPIC",
      description = "on which to publish: original, or a topic in which {topic} stands for that")
  private String toTopic;

  @Option(names = "--qos", paramLabel = "0..2", description = "of what is published; else: 1")
  private Integer qos;

  @Option(names = "--password-file", paramLabel = "FILE", description = "of the user in --mqtt")
  private Path passwordFile;

  boolean isGiven() {
    return mqtt != null;
  }

  /** Which of them is given although it is for a broker; null if none is. */
  String stray() {
    if (toTopic != null) {
      return "--to-topic";
    }
    return qos != null ? "--qos" : passwordFile != null ? "--password-file" : null;
  }

  /**
   * Looks at what is given.
   *
   * @throws IllegalArgumentException with what is wrong, in words that repeat no secret
   */
  void check() {
    if (toTopic == null) {
      throw new IllegalArgumentException(
          "--to-topic is missing: original, or another topic, in which {topic} may stand for that");
    }
    String problem = TopicTemplate.of(toTopic).problem();
    if (!problem.isEmpty()) {
      throw new IllegalArgumentException("--to-topic: " + problem);
    }
    if (qos != null && (qos < 0 || qos > 2)) {
      throw new IllegalArgumentException("--qos: is 0, 1 or 2");
    }
    TargetUrl url = url();
    if (url.password() != null && url.user().isEmpty()) {
      throw new IllegalArgumentException("--mqtt: a password needs a user");
    }
  }

  private TargetUrl url() {
    TargetUrl url;
    try {
      url = TargetUrl.broker(mqtt);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("--mqtt: " + wrong.getMessage(), wrong);
    }
    if (passwordFile == null) {
      return url;
    }
    if (url.user() == null || url.password() != null) {
      throw new IllegalArgumentException(
          "--password-file is for mqtt://user@host:port, and the password stands there alone");
    }
    return url.withPassword(SecretText.of("--password-file", passwordFile));
  }

  /** How lines go. */
  Way way(Vertx vertx, Path caFile, Choice choice) {
    TargetUrl url = url();
    return new Way(
        new BrokerTarget(vertx, url, caFile, qos == null ? 1 : qos),
        Shaper.forBroker(choice, TopicTemplate.of(toTopic)),
        String.join(" ", url.plain(), toTopic, choice.text()).strip(),
        "to " + url.plain() + ", topic " + toTopic);
  }
}
