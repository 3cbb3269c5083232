package io.spillway.source;

import io.spillway.bus.Connecting;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.MqttConfig;
import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import io.spillway.net.Addresses;
import io.spillway.redelivery.HabitLearner;
import io.spillway.time.TimeSource;
import io.spillway.topic.TopicFilter;
import io.spillway.worker.TimeLimit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Finds out how a broker gives packet identifiers, as {@link HabitLearner} learns it of the real
 * session: over several connections of a session of its own, to which it publishes itself, one
 * message after the other. The session is given up at the end, by a clean one of the same name.
 */
final class IdentifierProbe {
  private static final String TOPICS = "spillway/doctor/";
  private static final String PAYLOAD = "{\"spillway\":\"doctor\"}";
  private static final String ALLOW =
      "let this user read and write spillway/doctor/#, and look again";
  private static final int CONNECTIONS = 3;
  private static final int MESSAGES = 2;
  private static final int SUBSCRIBE_ID = 65_535;
  private static final int AT_LEAST_ONCE = 1;
  private static final int QOS_MAX = 2;
  private static final long ANSWER_WITHIN_MS = 1_500;

  private final Vertx vertx;
  private final NetClient client;
  private final Addresses broker;
  private final MqttConfig config;
  private final String clientId;
  private final String topic;
  private final TimeSource time;
  private final HabitLearner learner = new HabitLearner();
  private final List<Integer> seen = new ArrayList<>();

  /**
   * @param clientId whose session nobody else has
   * @param random part of the name of a topic that nobody else has
   */
  IdentifierProbe(
      Vertx vertx,
      NetClient client,
      Addresses broker,
      MqttConfig config,
      String clientId,
      String random,
      TimeSource time) {
    this.vertx = vertx;
    this.client = client;
    this.broker = broker;
    this.config = config;
    this.clientId = clientId;
    this.time = time;
    topic = TOPICS + random;
  }

  /** Never fails. */
  Future<HopFinding> look(String hop) {
    if (config.qos() == 0) {
      return Future.succeededFuture(HopFinding.ok(hop, "none at QoS 0: nothing is sent again"));
    }
    if (config.topics().stream().map(TopicFilter::ofSubscription).anyMatch(f -> f.matches(topic))) {
      return unknown(
          hop,
          "what is published to find out matches edge.mqtt.topics, and an edge would store it");
    }
    return from(1)
        .map(done -> judge(hop))
        .recover(error -> notSeen(hop, error))
        .eventually(this::forget);
  }

  private Future<Void> from(int number) {
    return number > CONNECTIONS
        ? Future.succeededFuture()
        : round(number).compose(done -> from(number + 1));
  }

  private Future<Void> round(int number) {
    Ears ears = new Ears(received -> received.topic().equals(topic));
    NettyBrokerConnection connection = connection(ears, false);
    return connection
        .open(client, broker, Future::succeededFuture)
        .compose(kept -> begin(number, kept, connection, ears))
        .compose(begun -> messages(MESSAGES, connection, ears))
        .eventually(connection::disconnect);
  }

  private NettyBrokerConnection connection(Ears ears, boolean clean) {
    return new NettyBrokerConnection(
        vertx, config, clientId, clean, ears, new SilenceWatch(), time);
  }

  private Future<Void> begin(
      int number, boolean kept, NettyBrokerConnection connection, Ears ears) {
    boolean isFirst = number == 1;
    learner.connected(isFirst, !isFirst, false);
    if (!isFirst) {
      return kept
          ? Future.succeededFuture()
          : fault(
              FaultKind.LOST,
              "the broker keeps no session: what is published while this edge is away is lost;"
                  + " have it keep those of clients that ask for it (Mosquitto: persistence,"
                  + " persistent_client_expiration)");
    }
    connection.write(MqttPackets.subscribe(SUBSCRIBE_ID, List.of(topic), AT_LEAST_ONCE));
    return within(ears.granted(), "the broker does not answer a subscription")
        .compose(
            codes ->
                codes.size() == 1 && codes.get(0) <= QOS_MAX
                    ? Future.succeededFuture()
                    : fault(
                        FaultKind.FORBIDDEN,
                        "the broker does not let this user subscribe to " + topic));
  }

  private Future<Void> messages(int left, NettyBrokerConnection connection, Ears ears) {
    if (left == 0) {
      return Future.succeededFuture();
    }
    Future<Received> coming = ears.nextMessage();
    connection.write(MqttPackets.publish(seen.size() + 1, topic, PAYLOAD));
    return within(
            coming,
            "what is published to "
                + topic
                + " does not come: the broker does not let this user publish there, or read it")
        .compose(message -> acknowledge(message, connection, ears))
        .compose(done -> messages(left - 1, connection, ears));
  }

  /** And has it proven: the answer to a ping is behind it. */
  private Future<Void> acknowledge(Received message, NettyBrokerConnection connection, Ears ears) {
    if (message.qos() == 0) {
      return fault(FaultKind.OTHER, "the broker delivers at QoS 0, without identifiers");
    }
    learner.read(message.packetId(), message.dup(), true);
    seen.add(message.packetId());
    connection.answer(new int[] {Answer.toMessage(message.qos(), message.packetId())});
    Future<Void> proof = ears.nextAnswer();
    connection.ping();
    return within(proof, "the broker does not answer a ping");
  }

  private <T> Future<T> within(Future<T> coming, String otherwise) {
    return TimeLimit.within(vertx, ANSWER_WITHIN_MS, coming)
        .recover(
            error ->
                error instanceof TimeoutException
                    ? fault(FaultKind.TIMEOUT, otherwise)
                    : Future.failedFuture(error));
  }

  private static <T> Future<T> fault(FaultKind kind, String words) {
    return Future.failedFuture(new Fault(kind, words).failure());
  }

  /** The broker forgets the session with its subscription. */
  private Future<Void> forget() {
    NettyBrokerConnection last = connection(new Ears(received -> false), true);
    return last.open(client, broker, Future::succeededFuture)
        .eventually(last::disconnect)
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  private HopFinding judge(String hop) {
    return judge(hop, learner, seen);
  }

  /** What follows from what was seen. */
  static HopFinding judge(String hop, HabitLearner learner, List<Integer> seen) {
    String numbers =
        seen.stream().map(String::valueOf).collect(Collectors.joining(", "))
            + " over "
            + CONNECTIONS
            + " connections";
    return switch (learner.habit()) {
      case RISES -> HopFinding.ok(hop, "rising: " + numbers);
      case REUSES ->
          HopFinding.notice(
              hop,
              "reused: " + numbers,
              "what is sent again after a break may be stored twice, and is counted"
                  + " (spillway_source_possible_duplicates_total); a broker that counts up, or QoS"
                  + " 2 on both sides, does without");
      case UNKNOWN -> HopFinding.skipped(hop, "not known: " + numbers + " tell neither");
    };
  }

  private Future<HopFinding> notSeen(String hop, Throwable error) {
    Fault why =
        error instanceof Fault.Failure known ? known.fault() : BrokerTrouble.explain(config, error);
    if (why.kind() == FaultKind.LOST) {
      return Future.succeededFuture(HopFinding.failed(hop, why.trouble(), why.cure()));
    }
    String when = why.kind() == FaultKind.CUT ? ", when this user published to " + topic : "";
    return unknown(hop, why.trouble() + when + "; " + ALLOW);
  }

  /** Then what the broker says of itself is all there is. */
  private Future<HopFinding> unknown(String hop, String because) {
    return BrokerRun.ask(vertx, client, broker, config, clientId, time)
        .map(Connecting::knownMake)
        .map(
            counts ->
                counts
                    ? HopFinding.ok(
                        hop, "rising, as those of a Mosquitto, which it says it is; not seen")
                    : HopFinding.told(hop, Result.SKIPPED, "not known: " + because));
  }
}
