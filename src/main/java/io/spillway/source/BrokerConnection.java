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

    /** The broker has released the identifier of a message at QoS 2 (PUBREL). */
    void released(int packetId);

    /** All that was there to be read has been read. */
    void turnEnded();

    /**
     * The broker has answered a SUBSCRIBE.
     *
     * @param codes one for each filter: a QoS, or from 0x80 on a refusal (MQTT 3.1.1 section 3.9.3)
     */
    void subscribed(int packetId, List<Integer> codes);

    /** The broker has answered an UNSUBSCRIBE. */
    void unsubscribed(int packetId);

    /**
     * The broker has acknowledged a message at QoS 1 of ours.
     *
     * @return false if none was sent: an edge publishes nothing
     */
    default boolean published(int packetId) {
      return false;
    }

    /** A PINGREQ was sent: behind everything that was acknowledged before. */
    void pinged();

    /** The answer to the oldest PINGREQ that had none. */
    void answered();

    /** Whether an answer to a PINGREQ would prove something that is not proven yet. */
    boolean wantsPing();

    /** The end of a connection that the broker had accepted. */
    void closed(Fault why);
  }

  /** Sends a SUBSCRIBE; without effect on a connection that has ended. */
  void subscribe(int packetId, List<String> filters);

  /** Sends an UNSUBSCRIBE; without effect on a connection that has ended. */
  void unsubscribe(int packetId, List<String> filters);

  /** Whether something with this identifier has come and the broker waits for an answer. */
  boolean isInFlight(int packetId);

  /**
   * Sends them in this order, in one write; without effect on a connection that has ended.
   *
   * @param answers to messages at QoS 1 and 2 and to releases, in order of receipt, as {@link
   *     Answer} makes them
   */
  void answer(int[] answers);

  /** Does not read any more, so that the broker has to wait; or reads again. */
  void hold(boolean on);

  /** Whether it does not read. */
  boolean isHeld();

  /** How long to wait before each read, so that some messages come together; 0: not at all. */
  void pace(long nanos);

  /** Says DISCONNECT and closes; the broker keeps session and messages. */
  Future<Void> disconnect();
}
