package io.spillway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The RabbitMQ queue to consume.
 *
 * @param broker where it is, and who connects
 * @param ownPassword null: that of the address, or else {@code guest}
 */
public record RabbitConfig(
    @Key(
            name = "url",
            byDefault = "amqp://guest:guest@localhost",
            form = Form.AMQP_URL,
            live = true,
            variables = "RABBITMQ_URL",
            meaning =
                "the broker, see [rabbitmq.md](rabbitmq.md); default ports 5672 and 5671, virtual"
                    + " host `/`, user and password guest; a slash in vhost as `%2F`; user and"
                    + " password are never shown")
        AmqpUrl broker,
    @Key(name = "password", live = true, meaning = "here or in the url, not both")
        Secret ownPassword,
    @Key(
            form = Form.PEM_FILE,
            live = true,
            meaning = "authorities to trust for `amqps://`; null: those of Java")
        Path caFile,
    @Key(
            byDefault = "tour_booking_events",
            form = Form.AMQP_NAME,
            variables = "RABBITMQ_EXCHANGE",
            meaning = "a topic exchange")
        String exchange,
    @Key(
            byDefault = "websocket_availability_queue",
            form = Form.AMQP_NAME,
            meaning = "consumed by one process, so that order is kept")
        String queue,
    @Key(
            byDefault = "tour.availability.low",
            min = 1,
            max = 100,
            form = Form.AMQP_NAME,
            allowed = "routing keys or patterns of 1..255 bytes",
            meaning = "what binds the queue to the exchange; `*` and `#` as RabbitMQ has them")
        List<String> keys,
    @Key(
            byDefault = "true",
            meaning =
                "true: make exchange, queue and bindings, all durable; false: only look whether "
                    + "exchange and queue are there")
        boolean declare,
    @Key(
            byDefault = "500",
            min = 1,
            max = 10_000,
            meaning = "most messages unacknowledged at a time")
        int prefetch,
    @Key(
            byDefault = "1048576",
            min = 1_024,
            max = 8_388_608,
            meaning =
                "a longer body is rejected: counted, and its beginning kept in `rejected.ndjson`")
        int maxMessageBytes,
    @Key(
            byDefault = "10000",
            min = 1_000,
            max = 600_000,
            meaning = "whole seconds; a connection silent for twice as long is dropped")
        Duration heartbeat,
    @Key(
            byDefault = "1000",
            min = 10,
            max = 60_000,
            meaning = "first wait before connecting again; doubles each time")
        Duration reconnect,
    @Key(
            byDefault = "30000",
            min = 10,
            max = 3_600_000,
            meaning = "longest wait; at least `reconnectMs`")
        Duration reconnectMax)
    implements Checked {
  private static final Secret GUEST = new Secret("guest");

  public String host() {
    return broker.host();
  }

  public int port() {
    return broker.port();
  }

  public boolean tls() {
    return broker.tls();
  }

  /** The virtual host. */
  public String vhost() {
    return broker.vhost();
  }

  public String user() {
    return broker.user();
  }

  public Secret password() {
    if (broker.password() != null) {
      return broker.password();
    }
    return ownPassword == null ? GUEST : ownPassword;
  }

  /** {@code host:port}. */
  public String address() {
    return Urls.authority(host(), port());
  }

  @Override
  public void check(Checks at) throws ConfigException {
    // A variable overrides the file as a whole; within the file, two answers are one too many.
    if (ownPassword != null && broker.password() != null && !at.isFromVariable("url")) {
      throw at.wrong("password", "given here and in the url", "one of the two");
    }
    at.once("keys", keys, "a list with one key twice", "each key once");
    at.caFile(caFile, tls());
    if (heartbeat.toMillis() % 1_000 != 0) { // AMQP 0-9-1 section 4.2.7 counts in seconds
      throw at.wrong("heartbeatMs", Long.toString(heartbeat.toMillis()), "whole seconds");
    }
    at.reconnect(reconnect, reconnectMax);
  }
}
