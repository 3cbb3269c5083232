package io.spillway.source;

import io.spillway.bus.Fault;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.function.Predicate;

/** Hears what a broker answers on a connection that only looks, one thing at a time. */
final class Ears implements BrokerConnection.Listener {
  private final Predicate<Received> awaited;
  private final Promise<List<Integer>> granted = Promise.promise();
  private Promise<Received> message = Promise.promise();
  private Promise<Void> answer = Promise.promise();
  private Fault over = Fault.NONE;

  /**
   * @param awaited is shown each message, and says whether it is the one that is waited for
   */
  Ears(Predicate<Received> awaited) {
    this.awaited = awaited;
  }

  /** The codes of the one SUBACK. */
  Future<List<Integer>> granted() {
    return granted.future();
  }

  /** The next message that is waited for, from now on. */
  Future<Received> nextMessage() {
    message = Promise.promise();
    failIfOver(message);
    return message.future();
  }

  /** The next answer to a ping, from now on. */
  Future<Void> nextAnswer() {
    answer = Promise.promise();
    failIfOver(answer);
    return answer.future();
  }

  private void failIfOver(Promise<?> promise) {
    if (!over.isEmpty()) {
      promise.fail(over.failure());
    }
  }

  @Override
  public void received(Received received) {
    if (awaited.test(received)) {
      message.tryComplete(received);
    }
  }

  @Override
  public void subscribed(int packetId, List<Integer> codes) {
    granted.tryComplete(codes);
  }

  @Override
  public void answered() {
    answer.tryComplete();
  }

  @Override
  public void closed(Fault why) {
    over = why;
    granted.tryFail(why.failure());
    message.tryFail(why.failure());
    answer.tryFail(why.failure());
  }

  @Override
  public boolean published(int packetId) {
    return true;
  }

  @Override
  public void released(int packetId) {}

  @Override
  public void turnEnded() {}

  @Override
  public void unsubscribed(int packetId) {}

  @Override
  public void pinged() {}

  @Override
  public boolean wantsPing() {
    return false;
  }
}
