package io.spillway.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/**
 * The RabbitMQ queue to consume.
 *
 * @param tls true for {@code amqps://}
 * @param caFile PEM certificates to trust; null: those of the Java platform
 * @param vhost virtual host
 * @param exchange a topic exchange
 * @param queue consumed by this process
 * @param keys routing keys or patterns of them that bind the queue to the exchange
 * @param declare make exchange, queue and bindings, all durable; otherwise only look whether
 *     exchange and queue are there
 * @param prefetch how many messages may be unacknowledged
 * @param maxMessageBytes longest body accepted; of a longer one the beginning is kept aside
 * @param heartbeat a connection that is silent for twice as long counts as dead
 * @param reconnect wait before the first attempt to reconnect; doubles up to reconnectMax
 */
public record RabbitConfig(
    String host,
    int port,
    boolean tls,
    Path caFile,
    String vhost,
    String user,
    Secret password,
    String exchange,
    String queue,
    List<String> keys,
    boolean declare,
    int prefetch,
    int maxMessageBytes,
    Duration heartbeat,
    Duration reconnect,
    Duration reconnectMax) {
  private static final String URL = "amqp://guest:guest@localhost";
  private static final Secret GUEST = new Secret("guest");
  private static final int NAME_BYTES_MAX = 255; // AMQP 0-9-1 section 4.2.5.3
  private static final String NAME = "1..255 bytes";

  static RabbitConfig from(Section section) throws ConfigException {
    AmqpUrl url = AmqpUrl.read(section, "url", URL);
    RabbitConfig config =
        new RabbitConfig(
            url.host(),
            url.port(),
            url.tls(),
            Paths.caFile(section, url.tls()),
            url.vhost(),
            url.user(),
            password(section, url),
            name(section, "exchange", "tour_booking_events"),
            name(section, "queue", "websocket_availability_queue"),
            keys(section),
            section.flag("declare", true),
            section.wholeInt("prefetch", 1, 10_000, 500),
            section.wholeInt("maxMessageBytes", 1_024, 8_388_608, 1_048_576),
            section.millis("heartbeatMs", 1_000, 600_000, 10_000),
            section.millis("reconnectMs", 10, 60_000, 1_000),
            section.millis("reconnectMaxMs", 10, 3_600_000, 30_000));
    long heartbeatMs = config.heartbeat.toMillis();
    if (heartbeatMs % 1_000 != 0) { // AMQP 0-9-1 section 4.2.7 counts in seconds
      throw section.wrong("heartbeatMs", Long.toString(heartbeatMs), "whole seconds");
    }
    if (config.reconnectMax.compareTo(config.reconnect) < 0) {
      throw section.wrong(
          "reconnectMaxMs",
          Long.toString(config.reconnectMax.toMillis()),
          "at least reconnectMs, " + config.reconnect.toMillis());
    }
    section.rejectUnknownKeys();
    return config;
  }

  /** The same with the address and the credentials of another one. */
  RabbitConfig withAccess(RabbitConfig fresh) {
    return new RabbitConfig(
        fresh.host,
        fresh.port,
        fresh.tls,
        fresh.caFile,
        fresh.vhost,
        fresh.user,
        fresh.password,
        exchange,
        queue,
        keys,
        declare,
        prefetch,
        maxMessageBytes,
        heartbeat,
        reconnect,
        reconnectMax);
  }

  /** {@code host:port}. */
  public String address() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  private static Secret password(Section section, AmqpUrl url) throws ConfigException {
    Secret given = section.secret("password", false);
    // A variable overrides the file as a whole; within the file, two answers are one too many.
    if (url.password() == null) {
      return given == null ? GUEST : given;
    }
    if (given != null && section.loading().variableOf(section.at("url")) == null) {
      throw section.wrong("password", "given here and in the url", "one of the two");
    }
    return url.password();
  }

  private static String name(Section section, String key, String byDefault) throws ConfigException {
    String name = section.text(key, NAME, byDefault);
    if (isTooLong(name)) {
      throw section.wrong(key, Section.found(name), NAME);
    }
    return name;
  }

  private static List<String> keys(Section section) throws ConfigException {
    String allowed = "1..100 routing keys or patterns of 1..255 bytes";
    List<String> keys = section.texts("keys", 1, 100, allowed, List.of("tour.availability.low"));
    for (String key : keys) {
      if (isTooLong(key)) {
        throw section.wrong("keys", Section.found(key), allowed);
      }
    }
    if (new HashSet<>(keys).size() < keys.size()) {
      throw section.wrong("keys", "a list with one key twice", "each key once");
    }
    return keys;
  }

  private static boolean isTooLong(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX;
  }
}
