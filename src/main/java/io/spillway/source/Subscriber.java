package io.spillway.source;

import io.spillway.bus.Fault;
import io.spillway.config.MqttConfig;
import io.spillway.retry.Backoff;
import io.spillway.retry.OutageLog;
import io.spillway.source.SubscriptionMemory.Remembered;
import io.spillway.source.SubscriptionPlan.Request;
import io.spillway.source.SubscriptionPlan.Subscribe;
import io.spillway.time.TimeSource;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what {@link SubscriptionPlan} decides, when it is on the disk, and tells what came of it.
 */
final class Subscriber {
  private static final Logger log = LoggerFactory.getLogger(Subscriber.class);
  private static final Backoff REFUSED = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));
  private static final Backoff LOWER = new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(30));
  private static final long LOOK_EVERY_MS = 500;

  private final Vertx vertx;
  private final SubscriptionMemory memory;
  private final SubscriptionPlan plan;
  private final int qos;
  private final TimeSource time;
  private final OutageLog file;

  /** What the file tells of this broker; null if that is nothing. */
  private KnownFilters saved;

  private String unknownBecause;
  private BrokerConnection connection;
  private boolean saving;
  private Fault fault = Fault.NONE;

  private Subscriber(
      Vertx vertx,
      MqttConfig config,
      SubscriptionMemory memory,
      Remembered remembered,
      TimeSource time) {
    this.vertx = vertx;
    this.memory = memory;
    this.qos = config.qos();
    this.time = time;
    file = new OutageLog(log, "[mqtt] remembering what is subscribed to:", time);
    unknownBecause = remembered.unknownBecause();
    saved = unknownBecause == null ? remembered.known() : null;
    plan = new SubscriptionPlan(qos, REFUSED, LOWER, config.topics(), remembered.known());
  }

  /** Reads what is remembered. */
  static Future<Subscriber> open(
      Vertx vertx, MqttConfig config, SubscriptionMemory memory, TimeSource time) {
    return Blocking.run(vertx, memory::load)
        .map(remembered -> new Subscriber(vertx, config, memory, remembered, time))
        .onSuccess(
            ready -> vertx.setPeriodic(LOOK_EVERY_MS, tick -> ready.advance())); // ends with it
  }

  /** Something else is configured. */
  void want(List<String> topics) {
    plan.want(topics);
    advance();
  }

  /** There is a connection, and nothing is subscribed to on it yet. */
  void connected(BrokerConnection current, boolean sessionPresent) {
    connection = current;
    plan.connected(sessionPresent);
    if (sessionPresent && unknownBecause != null) {
      log.warn(
          "[mqtt] what the kept session is subscribed to is not known: {}; topics that were taken"
              + " out while it was not known may still come",
          unknownBecause);
    }
    unknownBecause = null;
    advance();
  }

  void disconnected() {
    plan.disconnected();
  }

  void subscribed(int packetId, List<Integer> codes) {
    List<String> granted = plan.subscribed(packetId, codes, time.monotonicMs());
    if (!granted.isEmpty()) {
      log.info("[mqtt] subscribed to {}", BrokerTrouble.named(granted));
    }
    advance();
  }

  void unsubscribed(int packetId) {
    List<String> gone = plan.unsubscribed(packetId);
    if (!gone.isEmpty()) {
      log.info("[mqtt] not subscribed any more to {}", BrokerTrouble.named(gone));
    }
    advance();
  }

  /** What the broker does not grant; {@link Fault#NONE} if it grants all. */
  Fault fault() {
    return fault;
  }

  private void advance() {
    if (saving || connection == null) {
      return;
    }
    BrokerConnection current = connection;
    if (current.isHeld()) {
      plan.deaf(time.monotonicMs());
    }
    Request request = plan.next(time.monotonicMs(), current::isInFlight);
    KnownFilters known = plan.known();
    if (known.equals(saved)) {
      send(current, request);
    } else {
      save(known)
          .onComplete(
              done -> {
                send(current, request);
                if (done.succeeded()) { // or at the next look
                  advance(); // something else may be wanted by now, on another connection
                }
              });
    }
    tell();
  }

  private void send(BrokerConnection to, Request request) {
    if (request instanceof Subscribe) {
      to.subscribe(request.packetId(), request.filters());
    } else if (request != null) {
      to.unsubscribe(request.packetId(), request.filters());
    }
  }

  /** Messages matter more than this file: what it cannot take is subscribed to all the same. */
  private Future<Void> save(KnownFilters known) {
    saving = true;
    return Blocking.run(
            vertx,
            () -> {
              memory.save(known);
              return known;
            })
        .onSuccess(
            done -> {
              saved = done;
              file.up();
            })
        .onFailure(error -> file.down(Fault.disk(error)))
        .onComplete(done -> saving = false)
        .mapEmpty();
  }

  private void tell() {
    if (!plan.isSettled()) {
      return;
    }
    Fault now = BrokerTrouble.explain(plan.shortfall(), qos);
    if (!now.words().equals(fault.words())) {
      fault = now;
      if (now.isEmpty()) {
        log.info("[mqtt] the broker grants all topics now");
      } else {
        log.warn("[mqtt] {}", now.words());
      }
    }
  }
}
