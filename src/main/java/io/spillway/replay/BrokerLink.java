package io.spillway.replay;

import io.netty.handler.codec.mqtt.MqttQoS;
import io.spillway.bus.FaultKind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttClient;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to a broker, which acknowledges each message by itself, in whatever order. */
final class BrokerLink implements TargetLink {
  private static final Logger log = LoggerFactory.getLogger(BrokerLink.class);

  private final MqttClient client;
  private final MqttQoS qos;
  private final long reached;
  private final Listener listener;

  /** In the order of their numbers. */
  private final Deque<Message> unsettled = new ArrayDeque<>();

  private final Map<Integer, Message> byPacket = new HashMap<>();

  /** Acknowledged before it was heard that they were written. */
  private final Set<Integer> early = new HashSet<>();

  private boolean over;

  /** A message, or that numbers do not come. */
  private static final class Message {
    private final long next;
    private boolean settled;

    Message(long next, boolean settled) {
      this.next = next;
      this.settled = settled;
    }
  }

  /** Of a client that is not connected yet. */
  BrokerLink(MqttClient client, MqttQoS qos, long reached, Listener listener) {
    this.client = client;
    this.qos = qos;
    this.reached = reached;
    this.listener = listener;
    client.publishCompletionHandler(this::acknowledged);
    client.exceptionHandler(BrokerLink::ignore);
  }

  /** It is connected. */
  void begin(Terms terms) {
    client.closeHandler(
        closed ->
            ended(
                Ending.passing(
                    FaultKind.CUT, "the broker has closed the connection, or the network has")));
    if (client.isConnected()) {
      listener.welcomed(reached, terms);
    } else {
      ended(Ending.passing(FaultKind.CUT, "the broker has closed the connection at once"));
    }
  }

  @Override
  public void send(Piece piece) {
    for (Outgoing line : piece.outgoing()) {
      Message message = new Message(line.number() + 1, false);
      unsettled.addLast(message);
      client
          .publish(line.topic(), Buffer.buffer(line.bytes()), qos, false, false)
          .onSuccess(packet -> written(packet, message))
          .onFailure(this::unwritten);
    }
  }

  private void written(int packet, Message message) {
    if (qos == MqttQoS.AT_MOST_ONCE || early.remove(packet)) {
      settled(message);
    } else {
      byPacket.put(packet, message);
    }
  }

  private void acknowledged(int packet) {
    Message message = byPacket.remove(packet);
    if (message != null) {
      settled(message);
    } else {
      early.add(packet);
    }
  }

  private void settled(Message message) {
    message.settled = true;
    long next = 0;
    while (!unsettled.isEmpty() && unsettled.peekFirst().settled) {
      next = unsettled.removeFirst().next;
    }
    if (next > 0 && !over) {
      listener.acknowledged(next);
    }
  }

  private void unwritten(Throwable error) {
    ignore(error);
    ended(Ending.passing(FaultKind.CUT, "a message could not be written to the broker"));
    leave().onFailure(BrokerLink::ignore);
  }

  @Override
  public void skip(long first, long next) {
    Message none = new Message(next, true);
    unsettled.addLast(none);
    settled(none);
  }

  private void ended(Ending why) {
    if (!over) {
      over = true;
      listener.ended(why);
    }
  }

  @Override
  public Future<Void> leave() {
    over = true;
    return client.isConnected() ? client.disconnect() : Future.succeededFuture();
  }

  private static void ignore(Throwable error) {
    log.debug("[replay] on a connection that is gone: {}", error.toString());
  }
}
