package io.spillway.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The broker to subscribe at.
 *
 * @param url scheme, host and port, without user and password
 * @param tls true for {@code mqtts://} and {@code ssl://}
 * @param topics filters of MQTT 3.1.1, section 4.7; {@code $share/group/} in front is allowed
 * @param qos 0 or 1
 * @param clientId null: {@code spillway-} and the edge's name
 * @param username null: none
 * @param password null: none
 * @param maxMessageBytes longest payload accepted; a longer one is rejected and kept aside
 * @param caFile PEM certificates to trust; null: those of the Java platform
 */
public record MqttConfig(
    String url,
    String host,
    int port,
    boolean tls,
    List<String> topics,
    int qos,
    String clientId,
    String username,
    Secret password,
    int maxMessageBytes,
    Path caFile) {
  private static final Pattern CLIENT_ID = Pattern.compile("\\P{Cntrl}{1,256}");
  private static final Pattern USERNAME = Pattern.compile("\\P{Cntrl}{1,1024}");
  private static final int MAX_STRING_BYTES = 65_535;

  MqttConfig withTopics(List<String> others) {
    return new MqttConfig(
        url, host, port, tls, others, qos, clientId, username, password, maxMessageBytes, caFile);
  }

  /** The same broker on another port, for one that has chosen its port by itself. */
  public MqttConfig withPort(int actual) {
    String at = url.substring(0, url.lastIndexOf(':') + 1) + actual;
    return new MqttConfig(
        at, host, actual, tls, topics, qos, clientId, username, password, maxMessageBytes, caFile);
  }

  static MqttConfig from(Section section) throws ConfigException {
    BrokerUrl url = BrokerUrl.read(section, "url", "mqtt://127.0.0.1:1883");
    List<String> topics = topics(section);
    int qos = qos(section);
    String clientId = section.optionalText("clientId", CLIENT_ID, "1..256 characters");
    String username = section.optionalText("username", USERNAME, "1..1024 characters");
    Secret password = section.secret("password", false);
    boolean fromUrl = url.user() != null || url.password() != null;
    // A variable overrides the file as a whole; within the file, two answers are one too many.
    if (fromUrl
        && (username != null || password != null)
        && section.loading().variableOf(section.at("url")) == null) {
      String key = username != null ? "username" : "password";
      throw section.wrong(key, "given here and in the url", "one of the two");
    }
    String user = fromUrl ? url.user() : username;
    Secret secret = fromUrl ? url.password() : password;
    checkPassword(section, user, secret);
    int maxMessageBytes = section.wholeInt("maxMessageBytes", 64, 4_194_304, 262_144);
    Path caFile = Paths.caFile(section, url.tls());
    section.rejectUnknownKeys();
    return new MqttConfig(
        url.plain(),
        url.host(),
        url.port(),
        url.tls(),
        topics,
        qos,
        clientId,
        user,
        secret,
        maxMessageBytes,
        caFile);
  }

  private static List<String> topics(Section section) throws ConfigException {
    List<String> topics =
        section.texts("topics", 1, 100, TopicFilterRule.ALLOWED, List.of("pws-packet/#"));
    Set<String> distinct = new HashSet<>();
    for (String topic : topics) {
      Optional<String> problem = TopicFilterRule.problem(topic);
      if (problem.isPresent()) {
        throw section.wrong(
            "topics", Section.found(topic) + ": " + problem.get(), TopicFilterRule.ALLOWED);
      }
      if (!distinct.add(topic)) {
        throw section.wrong("topics", Section.found(topic) + " twice", "each filter once");
      }
    }
    return topics;
  }

  private static int qos(Section section) throws ConfigException {
    if (section.isWhole("qos", 2)) {
      throw section.wrong(
          "qos",
          "2",
          "0 or 1; subscribe at 1, the broker downgrades QoS 2 messages, and Spillway itself stores"
              + " a redelivered message once");
    }
    return section.wholeInt("qos", 0, 1, 1);
  }

  // MQTT 3.1.1, section 3.1.2.9: a password needs a user name; 3.1.3.5: two length bytes.
  private static void checkPassword(Section section, String username, Secret password)
      throws ConfigException {
    if (password == null) {
      return;
    }
    if (username == null || username.isEmpty()) {
      throw section.wrong("password", "given without a username", "both or none");
    }
    if (password.value().getBytes(StandardCharsets.UTF_8).length > MAX_STRING_BYTES) {
      throw section.wrong("password", "too long", "up to " + MAX_STRING_BYTES + " bytes");
    }
  }
}
