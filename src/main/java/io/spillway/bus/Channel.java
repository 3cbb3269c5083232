package io.spillway.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageConsumerOptions;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One address of the event bus, with the types that travel on it.
 *
 * @param <T> what is sent
 * @param <R> what is replied
 */
public final class Channel<T, R> {
  /** Who can be reached: this JVM only, or every JVM of the cluster. */
  enum Reach {
    LOCAL,
    CLUSTER
  }

  /** A request that has no reply by then is lost; it is sent again by whoever needs it. */
  private static final Duration REPLY_WITHIN = Duration.ofSeconds(20);

  private static final Duration ONCE_WITHIN = Duration.ofHours(1);

  private final String address;
  private final Reach reach;

  Channel(String address, Reach reach) {
    this.address = address;
    this.reach = reach;
  }

  /**
   * To one consumer; succeeds when that consumer's work has succeeded. Fails with a {@link
   * io.vertx.core.eventbus.ReplyException}, see {@link BusFailure#of(Throwable)}.
   */
  public Future<R> request(Vertx vertx, T body) {
    return vertx.eventBus().<R>request(address, body, options()).map(Message::body);
  }

  /**
   * The same, where giving up early is worse than waiting: to one in this process, whose answer
   * comes late and not never, and who would do it twice if he were asked again meanwhile.
   */
  public Future<R> requestOnce(Vertx vertx, T body) {
    DeliveryOptions patient = options().setSendTimeout(ONCE_WITHIN.toMillis());
    return vertx.eventBus().<R>request(address, body, patient).map(Message::body);
  }

  /** To every consumer, best effort. */
  public void publish(Vertx vertx, T body) {
    vertx.eventBus().publish(address, body, options());
  }

  /** Answers requests: the outcome of the handler's future is the reply. */
  public MessageConsumer<T> answer(Vertx vertx, Function<T, Future<R>> handler) {
    return vertx.eventBus().consumer(consumerOptions(), message -> reply(message, handler));
  }

  /**
   * The same, where one role alone may answer: the consumer, or a failure with {@link
   * AddressTakenException} if somebody does already, in this process or another of the cluster.
   */
  public Future<MessageConsumer<T>> answerAlone(Vertx vertx, Function<T, Future<R>> handler) {
    return new Claim(vertx, address, reach == Reach.LOCAL)
        .make()
        .map(alone -> answer(vertx, handler));
  }

  /** Receives what is published. */
  public MessageConsumer<T> listen(Vertx vertx, Consumer<T> handler) {
    return vertx.eventBus().consumer(consumerOptions(), message -> handler.accept(message.body()));
  }

  private static <T, R> void reply(Message<T> message, Function<T, Future<R>> handler) {
    Future.succeededFuture(message.body())
        .compose(handler) // catches a handler that throws, too
        .onSuccess(message::reply)
        .onFailure(
            error -> message.fail(BusFailure.of(error).code(), String.valueOf(error.getMessage())));
  }

  private DeliveryOptions options() {
    return new DeliveryOptions()
        .setSendTimeout(REPLY_WITHIN.toMillis())
        .setLocalOnly(reach == Reach.LOCAL);
  }

  private MessageConsumerOptions consumerOptions() {
    return new MessageConsumerOptions().setAddress(address).setLocalOnly(reach == Reach.LOCAL);
  }
}
