package io.spillway.uplink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.UplinkConfig;
import io.spillway.time.TimeSource;
import io.vertx.core.Vertx;
import java.util.function.Consumer;

/**
 * Notices that a connection is dead although TCP has not: no pong, or no acknowledgement of what
 * was sent. Also sends the keepalive pings.
 */
final class Watchdog {
  private final Vertx vertx;
  private final UplinkConfig config;
  private final TimeSource time;
  private final Exchange exchange;
  private final long pingTimer;
  private final long checkTimer;
  private long lastPongMs;
  private long lastProgressMs;

  Watchdog(
      Vertx vertx,
      UplinkConfig config,
      TimeSource time,
      Exchange exchange,
      Runnable ping,
      Consumer<Fault> giveUp) {
    this.vertx = vertx;
    this.config = config;
    this.time = time;
    this.exchange = exchange;
    lastPongMs = now();
    lastProgressMs = lastPongMs;
    pingTimer = vertx.setPeriodic(config.ping().toMillis(), timer -> ping.run());
    long everyMs = Math.max(10, shortest() / 10);
    checkTimer = vertx.setPeriodic(everyMs, timer -> check(giveUp));
  }

  /** The other side lives. */
  void pong() {
    lastPongMs = now();
  }

  /** Something was acknowledged. */
  void progress() {
    lastProgressMs = now();
  }

  /** Something is about to be sent; if nothing was waiting for an answer, the clock starts now. */
  void sent() {
    if (exchange.unacknowledged() == 0) {
      progress();
    }
  }

  void stop() {
    vertx.cancelTimer(pingTimer);
    vertx.cancelTimer(checkTimer);
  }

  private void check(Consumer<Fault> giveUp) {
    if (now() - lastPongMs > config.pongTimeout().toMillis()) {
      giveUp.accept(
          late("no pong for " + config.pongTimeout().toMillis() + " ms: the link is dead"));
    } else if (exchange.unacknowledged() > 0
        && now() - lastProgressMs > config.ackTimeout().toMillis()) {
      giveUp.accept(
          late(
              "no acknowledgement for "
                  + config.ackTimeout().toMillis()
                  + " ms: the server hangs"));
    }
  }

  private static Fault late(String words) {
    return new Fault(FaultKind.TIMEOUT, words);
  }

  private long shortest() {
    return Math.min(config.pongTimeout().toMillis(), config.ackTimeout().toMillis());
  }

  private long now() {
    return time.monotonicMs();
  }
}
