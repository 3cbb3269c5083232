package io.spillway.kit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes persistent, numbered events with message ids, and notes which ones the broker has
 * confirmed. When the broker is away it waits; what was not confirmed then is not sent again, so
 * that an id stored twice is nobody's fault but the receiver's.
 */
public final class EventPublisher implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Rabbit rabbit;
  private final String exchange;
  private final String key;
  private final Thread thread;
  private final Set<Integer> confirmed = new TreeSet<>();
  private final TreeMap<Long, Integer> outstanding = new TreeMap<>();
  private volatile int sent;
  private volatile int perSecond;
  private volatile boolean closed;

  /** Publishes from now on, to an exchange that exists. */
  public EventPublisher(Rabbit rabbit, String exchange, String key, int perSecond) {
    this.rabbit = rabbit;
    this.exchange = exchange;
    this.key = key;
    this.perSecond = perSecond;
    thread = new Thread(this::run, "events");
    thread.start();
  }

  /** The message id of event {@code n}. */
  public static String id(int n) {
    return "event-" + n;
  }

  public int sent() {
    return sent;
  }

  /** Numbers of the events that the broker has confirmed. */
  public Set<Integer> confirmed() {
    synchronized (confirmed) {
      return new TreeSet<>(confirmed);
    }
  }

  /** Sends no more, and waits until the broker has confirmed the last. */
  public void end() {
    perSecond = 0;
    Await.until(
        () -> "all is confirmed, but " + outstanding,
        LIMIT,
        () -> {
          synchronized (confirmed) {
            return outstanding.isEmpty();
          }
        });
  }

  private void run() {
    while (!closed) {
      try (Connection connection = rabbit.connect("/");
          Channel channel = connection.createChannel()) {
        channel.confirmSelect();
        channel.addConfirmListener(this::confirm, (tag, multiple) -> forget(tag, multiple));
        while (!closed && channel.isOpen()) {
          publish(channel);
        }
      } catch (IOException | TimeoutException | RuntimeException away) {
        LockSupport.parkNanos(100_000_000);
      }
      synchronized (confirmed) {
        outstanding.clear();
      }
    }
  }

  private void publish(Channel channel) throws IOException {
    int rate = perSecond;
    if (rate == 0) {
      LockSupport.parkNanos(10_000_000);
      return;
    }
    int n = sent;
    synchronized (confirmed) {
      outstanding.put(channel.getNextPublishSeqNo(), n);
    }
    sent = n + 1;
    AMQP.BasicProperties properties =
        new AMQP.BasicProperties.Builder()
            .contentType("application/json")
            .deliveryMode(2)
            .messageId(id(n))
            .build();
    String body = "{\"data\":{\"n\":" + n + ",\"availableSeats\":3}}";
    channel.basicPublish(exchange, key, properties, body.getBytes(StandardCharsets.UTF_8));
    LockSupport.parkNanos(1_000_000_000L / rate);
  }

  private void confirm(long tag, boolean multiple) {
    synchronized (confirmed) {
      var done =
          multiple ? outstanding.headMap(tag, true) : outstanding.subMap(tag, true, tag, true);
      confirmed.addAll(done.values());
      done.clear();
    }
  }

  private void forget(long tag, boolean multiple) {
    synchronized (confirmed) {
      var refused =
          multiple ? outstanding.headMap(tag, true) : outstanding.subMap(tag, true, tag, true);
      refused.clear();
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(LIMIT.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
