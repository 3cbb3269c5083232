package io.spillway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * MQTT over WebSocket through the server's port.
 *
 * @param broker without user and password
 */
public record GatewayConfig(
    @Key(
            name = "url",
            byDefault = "mqtt://127.0.0.1:1883",
            form = Form.BROKER_URL,
            meaning =
                "the broker behind `GET /mqtt`, without user and password: a client brings its own;"
                    + " without the section `server.mqtt` the route is off. See [mqtt.md](mqtt.md)")
        BrokerUrl broker,
    @Key(form = Form.PEM_FILE, meaning = "authorities to trust for `mqtts://`; null: those of Java")
        Path caFile,
    @Key(
            byDefault = "false",
            live = true,
            meaning = "no token is needed; otherwise one of role `live`")
        boolean anonymous,
    @Key(
            max = 100,
            form = Form.RULE,
            allowed = TopicFilterRule.ALLOWED,
            orNull = true,
            live = true,
            meaning =
                "what clients may publish to; null: packets are not looked at, and the broker "
                    + "alone decides")
        List<String> publish,
    @Key(
            byDefault = "#",
            max = 100,
            form = Form.RULE,
            allowed = TopicFilterRule.ALLOWED,
            orNull = true,
            live = true,
            meaning = "what clients may subscribe to, likewise; `#` leaves out `$SYS/…`")
        List<String> subscribe,
    @Key(
            name = "maxConnections",
            byDefault = "1000",
            min = 1,
            max = 1_000_000,
            live = true,
            meaning = "most at a time; they count for `server.limits`, too")
        int connections,
    @Key(
            name = "maxPacketBytes",
            byDefault = "262144",
            min = 1_024,
            max = 8_388_608,
            meaning =
                "longest MQTT packet in both directions; a WebSocket frame may be as long as "
                    + "`server.limits.maxMessageBytes`")
        int packetBytes,
    @Key(
            byDefault = "65536",
            min = 1_024,
            max = 16_777_216,
            meaning =
                "when so much waits for a client, the broker is not read, and the other way round")
        int queueBytes,
    @Key(
            byDefault = "5000",
            min = 100,
            max = 60_000,
            meaning =
                "how long the broker may take to be connected to, and a client to send CONNECT")
        Duration connect,
    @Key(byDefault = "30000", min = 100, max = 600_000, meaning = "time between WebSocket pings")
        Duration ping,
    @Key(
            byDefault = "90000",
            min = 200,
            max = 3_600_000,
            meaning = "a client not heard of for so long is closed; more than `pingMs`")
        Duration idle,
    @Key(
            byDefault = "15000",
            min = 100,
            max = 600_000,
            meaning =
                "a client that takes nothing for so long while more than `queueBytes` wait is closed with 4408")
        Duration slow)
    implements Checked {

  /** Without user and password, always with its port. */
  public String url() {
    return broker.plain();
  }

  public String host() {
    return broker.host();
  }

  public int port() {
    return broker.port();
  }

  public boolean tls() {
    return broker.tls();
  }

  /** The shortest of all that is waited for. */
  public Duration shortest() {
    return Collections.min(List.of(connect, ping, idle, slow));
  }

  /** Whether the same topics are allowed. */
  public boolean hasRulesOf(GatewayConfig other) {
    return Objects.equals(publish, other.publish) && Objects.equals(subscribe, other.subscribe);
  }

  /** Whether the broker is reached on this machine only, and without TLS. */
  public boolean isPlainLoopback() {
    return !tls() && HostRule.isLoopback(host());
  }

  @Override
  public void check(Checks at) throws ConfigException {
    if (broker.hasUser()) {
      throw at.wrong(
          "url", "one with a user", "mqtt[s]://host:port; who connects brings name and password");
    }
    at.caFile(caFile, tls());
    at.longer("idleMs", idle, "pingMs", ping);
  }
}
