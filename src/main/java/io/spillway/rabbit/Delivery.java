package io.spillway.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import io.spillway.config.RabbitConfig;
import io.spillway.message.Event;
import io.spillway.message.Rejected;
import io.spillway.message.RejectedPayload;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * A message as it came.
 *
 * @param tag by which its channel acknowledges it
 * @param redelivered whether the broker has delivered it before
 * @param source exchange and routing key, for what is rejected
 * @param encoding the property content-encoding, or null
 * @param size bytes of the body; {@code event} has only the beginning of one that is too long
 * @param sizeMax the longest body accepted
 */
record Delivery(
    long tag,
    boolean redelivered,
    String source,
    String encoding,
    int size,
    int sizeMax,
    Event event) {
  private static final int BEGINNING = 65_536;

  /** Encodings of text that are none: what many clients set although the body is plain UTF-8. */
  private static final Set<String> PLAIN = Set.of("", "utf-8", "utf8", "identity", "us-ascii");

  static Delivery of(
      RabbitConfig config,
      Envelope envelope,
      AMQP.BasicProperties properties,
      byte[] body,
      String id,
      long nowMs) {
    boolean tooLong = body.length > config.maxMessageBytes();
    int kept = Math.min(body.length, BEGINNING);
    long sentAtMs =
        properties.getTimestamp() == null
            ? nowMs
            : properties.getTimestamp().toInstant().toEpochMilli();
    return new Delivery(
        envelope.getDeliveryTag(),
        envelope.isRedeliver(),
        envelope.getExchange() + '/' + envelope.getRoutingKey(),
        properties.getContentEncoding(),
        body.length,
        config.maxMessageBytes(),
        new Event(
            tooLong ? Arrays.copyOf(body, kept) : body,
            envelope.getRoutingKey(),
            id,
            sentAtMs,
            nowMs));
  }

  /** Refuses what needs no look at the body. */
  void check() throws RejectedPayload {
    if (size > sizeMax) {
      throw new RejectedPayload(
          "%,d bytes are over the limit of rabbitmq.maxMessageBytes; the beginning is kept"
              .formatted(size));
    }
    if (encoding != null && !PLAIN.contains(encoding.strip().toLowerCase(Locale.ROOT))) {
      throw new RejectedPayload(
          "content-encoding " + encoding + ": only bodies that are not encoded are read");
    }
  }

  /** As it is kept aside. */
  Rejected rejected(String reason) {
    return new Rejected(source, event.receivedAtMs(), reason, event.body(), size);
  }
}
