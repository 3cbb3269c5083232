package io.spillway.config;

import io.spillway.topic.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The broker to subscribe at.
 *
 * @param broker where it is, and who connects if the address says so
 * @param ownUsername null: that of the address, if any
 * @param ownPassword null: that of the address, if any
 */
public record MqttConfig(
    @Key(
            name = "url",
            byDefault = "mqtt://127.0.0.1:1883",
            form = Form.BROKER_URL,
            variables = "BROKER_URL",
            meaning =
                "the broker; default ports 1883 and 8883; `user:password@` is honoured and never "
                    + "shown")
        BrokerUrl broker,
    @Key(
            byDefault = "pws-packet/#",
            min = 1,
            max = 100,
            form = Form.SUBSCRIPTION,
            allowed = TopicFilterRule.ALLOWED,
            live = true,
            variables = "TOPIC",
            meaning = "what to subscribe to; `$share/group/filter` is allowed")
        List<String> topics,
    @Key(
            byDefault = "1",
            max = 2,
            meaning =
                "1: acknowledged when it is in the spool; 2: what is published at QoS 2 comes by "
                    + "its handshake, for two commits each, and no broker that keeps its state can "
                    + "double it; 0: the broker does not repeat what is lost")
        int qos,
    @Key(
            form = Form.CHARACTERS_256,
            meaning =
                "null: `spillway-` and the edge's name. The broker keeps the session under it")
        String clientId,
    @Key(name = "username", form = Form.CHARACTERS_1024, meaning = "here or in the url, not both")
        String ownUsername,
    @Key(name = "password", meaning = "needs a username") Secret ownPassword,
    @Key(
            byDefault = "262144",
            min = 64,
            max = 4_194_304,
            meaning = "a longer payload is rejected: counted and kept in `rejected.ndjson`")
        int maxMessageBytes,
    @Key(
            byDefault = "reject",
            meaning =
                "a payload that is no object or array, as `22.38`, `true` or `Online`: kept in "
                    + "`rejected.ndjson`, or with wrap stored as `{\"value\":22.38}`; text that is "
                    + "no JSON becomes a JSON string")
        Scalars scalars,
    @Key(form = Form.PEM_FILE, meaning = "authorities to trust for `mqtts://`; null: those of Java")
        Path caFile)
    implements Checked {
  private static final int MAX_STRING_BYTES = 65_535;
  private static final int PAIRS_NAMED = 3;

  /** A message is held as it is read, as text, as a record, as it is written and as it is sent. */
  private static final int HEAP_PER_BYTE = 10;

  private static final int HEAP_BESIDE = 24 << 20;

  /** Scheme, host and port, without user and password. */
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

  /** Null: none. */
  public String username() {
    return broker.hasUser() ? broker.user() : ownUsername;
  }

  /** Null: none. */
  public Secret password() {
    return broker.hasUser() ? broker.password() : ownPassword;
  }

  /** The same broker on another port, for one that has chosen its port by itself. */
  public MqttConfig withPort(int actual) {
    return new MqttConfig(
        broker.withPort(actual),
        topics,
        qos,
        clientId,
        ownUsername,
        ownPassword,
        maxMessageBytes,
        scalars,
        caFile);
  }

  @Override
  public void check(Checks at) throws ConfigException {
    at.once("topics", topics, "%s twice", "each filter once");
    warnOfOverlaps(at);
    boolean own = ownUsername != null || ownPassword != null;
    // A variable overrides the file as a whole; within the file, two answers are one too many.
    if (broker.hasUser() && own && !at.isFromVariable("url")) {
      String key = ownUsername != null ? "username" : "password";
      throw at.wrong(key, "given here and in the url", "one of the two");
    }
    checkPassword(at);
    warnOfSmallHeap(at);
    at.caFile(caFile, tls());
  }

  // Otherwise the process ends at such a message, gets it again at the next start, and so on.
  private void warnOfSmallHeap(Checks at) {
    long heap = Runtime.getRuntime().maxMemory();
    long needed = HEAP_BESIDE + (long) HEAP_PER_BYTE * maxMessageBytes;
    if (heap < needed) {
      at.warn(
          "maxMessageBytes",
          "is %d; a heap of %d may not suffice for such messages, and what they end is started again"
                  .formatted(maxMessageBytes, heap)
              + " for the same; give it -Xmx%dm or more".formatted((needed >> 20) + 2));
    }
  }

  // MQTT 3.1.1, section 3.3.5: then a server may deliver a message once, or once for each.
  private void warnOfOverlaps(Checks at) {
    List<TopicFilter> filters = topics.stream().map(TopicFilter::ofSubscription).toList();
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < topics.size(); i++) {
      for (int j = i + 1; j < topics.size(); j++) {
        if (filters.get(i).overlaps(filters.get(j))) {
          pairs.add(Found.text(topics.get(i)) + " and " + Found.text(topics.get(j)));
        }
      }
    }
    if (!pairs.isEmpty()) {
      int more = Math.max(0, pairs.size() - PAIRS_NAMED);
      at.warn(
          "topics",
          String.join(", ", pairs.subList(0, pairs.size() - more))
              + (more > 0 ? " and " + more + " pairs more" : "")
              + " overlap; some brokers deliver twice what both match, and it is stored twice");
    }
  }

  // MQTT 3.1.1, section 3.1.2.9: a password needs a user name; 3.1.3.5: two length bytes.
  private void checkPassword(Checks at) throws ConfigException {
    if (password() == null) {
      return;
    }
    if (username() == null || username().isEmpty()) {
      throw at.wrong("password", "given without a username", "both or none");
    }
    if (password().value().getBytes(StandardCharsets.UTF_8).length > MAX_STRING_BYTES) {
      throw at.wrong("password", "too long", "up to " + MAX_STRING_BYTES + " bytes");
    }
  }
}
