package io.spillway.rabbit;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import io.spillway.config.RabbitConfig;
import java.io.IOException;

/** Exchange, queue and bindings at the broker. */
final class Topology {
  private Topology() {}

  /**
   * Makes what is not there: a durable topic exchange, a durable queue, a binding for each key.
   *
   * @throws IOException also if it is there and is of another kind
   */
  static void declare(Channel channel, RabbitConfig config) throws IOException {
    channel.exchangeDeclare(config.exchange(), BuiltinExchangeType.TOPIC, true);
    channel.queueDeclare(config.queue(), true, false, false, null);
    for (String key : config.keys()) {
      channel.queueBind(config.queue(), config.exchange(), key);
    }
  }

  /**
   * Only looks whether exchange and queue are there, of whatever kind. (AMQP has no question for
   * bindings.)
   */
  static void check(Channel channel, RabbitConfig config) throws IOException {
    channel.exchangeDeclarePassive(config.exchange());
    channel.queueDeclarePassive(config.queue());
  }
}
