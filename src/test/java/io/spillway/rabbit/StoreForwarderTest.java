package io.spillway.rabbit;

import static io.spillway.kit.Await.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.cumulative.CumulativeCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spillway.bus.Channels;
import io.spillway.bus.Records;
import io.spillway.bus.StoreRequest.Plain;
import io.spillway.bus.Stored;
import io.spillway.kit.Await;
import io.spillway.message.Event;
import io.spillway.message.Lines;
import io.spillway.time.TimeSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("The way of events to the store")
@ExtendWith(VertxExtension.class)
class StoreForwarderTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final List<String> stored = new CopyOnWriteArrayList<>();
  private final AtomicBoolean throwsOnce = new AtomicBoolean(true);
  private Context context;
  private StoreForwarder forwarder;
  private RabbitLink link;

  @BeforeEach
  void prepare(Vertx vertx) {
    context = vertx.getOrCreateContext();
    Channels.register(vertx);
    Channels.RECORDS_READ.answer(
        vertx, request -> Future.succeededFuture(new Records("j", 1, Lines.NONE, 1, 1)));
    Channels.BATCH_STORE.answer(
        vertx,
        request -> {
          stored.add(new String(((Plain) request).lines().array(), UTF_8));
          return Future.succeededFuture(new Stored(1, 2));
        });
    StoredIds ids = new StoredIds();
    forwarder =
        new StoreForwarder(
            vertx,
            new RabbitMetrics(new ThrowingOnce()),
            ids,
            new JournalTail(vertx, "rabbit.q.", ids));
    link =
        new RabbitLink(
            context,
            vertx.createSharedWorkerExecutor("rabbit", 1),
            null,
            id -> id,
            null,
            TimeSource.SYSTEM);
  }

  @Test
  @DisplayName("goes on after a step that threw, and stores nothing twice")
  void throwing() {
    onLoop(
        () -> {
          forwarder.from(link);
          forwarder.add(link, List.of(event(1)));
          return null;
        });
    Await.until("it is settled", SOON, () -> onLoop(forwarder::waiting) == 0);
    onLoop(
        () -> {
          forwarder.add(link, List.of(event(2)));
          return null;
        });
    Await.until("the next is settled", SOON, () -> onLoop(forwarder::waiting) == 0);
    assertThat(throwsOnce).isFalse();
    assertThat(stored).hasSize(2);
    assertThat(stored.get(0)).contains("rabbit.q.1#0");
    assertThat(stored.get(1)).contains("rabbit.q.2#0");
  }

  private static Delivery event(int number) {
    byte[] body = ("{\"data\":[{\"n\":" + number + "}]}").getBytes(UTF_8);
    Event event = new Event(body, "tour.availability.low", "rabbit.q." + number, 0, 0);
    return new Delivery(number, false, "x/y", null, body.length, 1_000, event);
  }

  private <T> T onLoop(Callable<T> work) {
    Promise<T> done = Promise.promise();
    context.runOnContext(
        on -> {
          try {
            done.complete(work.call());
          } catch (Exception error) {
            done.fail(error);
          }
        });
    return await(done.future());
  }

  /** The first that is to be counted as acknowledged cannot be. */
  private final class ThrowingOnce extends SimpleMeterRegistry {
    @Override
    protected Counter newCounter(Meter.Id id) {
      return new CumulativeCounter(id) {
        @Override
        public void increment(double amount) {
          if (id.getName().endsWith("acknowledged") && throwsOnce.getAndSet(false)) {
            throw new IllegalStateException("once");
          }
          super.increment(amount);
        }
      };
    }
  }
}
