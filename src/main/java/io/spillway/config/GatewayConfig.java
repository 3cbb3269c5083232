package io.spillway.config;

import io.spillway.topic.TopicFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * MQTT over WebSocket through the server's port.
 *
 * @param url of the broker, without user and password
 * @param caFile PEM certificates to trust; null: those of the Java platform
 * @param anonymous no token is needed
 * @param publish topic filters a client may publish to; null: whatever the broker allows
 * @param subscribe topic filters a client may subscribe to; null: whatever the broker allows
 * @param connections most at a time
 * @param packetBytes longest MQTT packet, in both directions
 * @param queueBytes when so much waits for one side, the other is not read
 * @param connect how long the broker may take to be connected to, and a client to send CONNECT
 * @param ping time between WebSocket pings
 * @param idle a client not heard of for this long is closed; longer than ping
 * @param slow a side that takes nothing for so long while something waits is given up
 */
public record GatewayConfig(
    String url,
    String host,
    int port,
    boolean tls,
    Path caFile,
    boolean anonymous,
    List<String> publish,
    List<String> subscribe,
    int connections,
    int packetBytes,
    int queueBytes,
    Duration connect,
    Duration ping,
    Duration idle,
    Duration slow) {
  private static final String FILTERS =
      "0..100 MQTT filters: # alone in the last level, + alone in its level";

  /** The same broker and limits with the access rules of {@code fresh}. */
  GatewayConfig withAccess(GatewayConfig fresh) {
    return new GatewayConfig(
        url,
        host,
        port,
        tls,
        caFile,
        fresh.anonymous,
        fresh.publish,
        fresh.subscribe,
        fresh.connections,
        packetBytes,
        queueBytes,
        connect,
        ping,
        idle,
        slow);
  }

  /** Whether the same topics are allowed. */
  public boolean hasRulesOf(GatewayConfig other) {
    return Objects.equals(publish, other.publish) && Objects.equals(subscribe, other.subscribe);
  }

  /** Whether the broker is reached on this machine only, and without TLS. */
  public boolean isPlainLoopback() {
    return !tls && HostRule.isLoopback(host);
  }

  static GatewayConfig from(Section section) throws ConfigException {
    BrokerUrl url = BrokerUrl.read(section, "url", "mqtt://127.0.0.1:1883");
    if (url.user() != null || url.password() != null) {
      throw section.wrong(
          "url", "one with a user", "mqtt[s]://host:port; who connects brings name and password");
    }
    GatewayConfig config =
        new GatewayConfig(
            url.plain(),
            url.host(),
            url.port(),
            url.tls(),
            Paths.caFile(section, url.tls()),
            section.flag("anonymous", false),
            rules(section, "publish", List.of()),
            rules(section, "subscribe", List.of("#")),
            section.wholeInt("maxConnections", 1, 1_000_000, 1_000),
            section.wholeInt("maxPacketBytes", 1_024, 8_388_608, 262_144),
            section.wholeInt("queueBytes", 1_024, 16_777_216, 65_536),
            section.millis("connectMs", 100, 60_000, 5_000),
            section.millis("pingMs", 100, 600_000, 30_000),
            section.millis("idleMs", 200, 3_600_000, 90_000),
            section.millis("slowMs", 100, 600_000, 15_000));
    section.longer("idleMs", config.idle, "pingMs", config.ping);
    section.rejectUnknownKeys();
    return config;
  }

  private static List<String> rules(Section section, String key, List<String> byDefault)
      throws ConfigException {
    List<String> rules = section.textsOrNull(key, 0, 100, FILTERS, byDefault);
    for (String rule : rules == null ? List.<String>of() : rules) {
      Optional<String> problem =
          rule.startsWith("$share/")
              ? Optional.of("a rule names topics, not a group of subscribers")
              : TopicFilter.problem(rule);
      if (problem.isPresent()) {
        throw section.wrong(key, Section.found(rule) + ": " + problem.get(), FILTERS);
      }
    }
    return rules;
  }
}
