package io.spillway.source;

import io.spillway.bus.Fault;
import io.vertx.core.Future;
import java.util.List;

/**
 * One connection to an MQTT broker: what the source needs of a client, and what another client
 * would have to do to take the place of {@link NettyBrokerConnection} (docs/adr/0003). Its methods
 * are called, and its listener is told, on one event loop.
 */
interface BrokerConnection {
  /** What a connection tells its owner. */
  interface Listener {
    /** A message has come. */
    void received(Received message);

    /** All that was there to be read has been read. */
    void turnEnded();

    /** The broker has answered the subscription; 0x80 is a refusal (MQTT 3.1.1 section 3.9.3). */
    void subscribed(List<Integer> codes);

    /** The end of a connection that the broker had accepted. */
    void closed(Fault why);
  }

  void subscribe(List<String> topics);

  void unsubscribe(List<String> topics);

  /**
   * Sends a PUBACK for each, in this order, in one write; without effect on a connection that has
   * ended.
   *
   * @param packetIds of messages at QoS 1, in order of receipt
   */
  void acknowledge(int[] packetIds);

  /** Does not read any more, so that the broker has to wait; or reads again. */
  void hold(boolean on);

  /** How long to wait before each read, so that some messages come together; 0: not at all. */
  void pace(long nanos);

  /** Says DISCONNECT and closes; the broker keeps session and messages. */
  Future<Void> disconnect();
}
