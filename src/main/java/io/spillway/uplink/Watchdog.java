package io.spillway.uplink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.UplinkConfig;
import io.spillway.retry.Patience;
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
  private final Patience patience;
  private final long pingTimer;
  private final long checkTimer;
  private long lastHeardMs;
  private long lastProgressMs;

  Watchdog(
      Vertx vertx,
      UplinkConfig config,
      TimeSource time,
      Exchange exchange,
      Patience patience,
      Runnable ping,
      Consumer<Fault> giveUp) {
    this.vertx = vertx;
    this.config = config;
    this.time = time;
    this.exchange = exchange;
    this.patience = patience;
    lastHeardMs = now();
    lastProgressMs = lastHeardMs;
    patience.begin(lastHeardMs);
    pingTimer = vertx.setPeriodic(config.ping().toMillis(), timer -> ping.run());
    long everyMs = Math.max(10, shortest() / 10);
    checkTimer = vertx.setPeriodic(everyMs, timer -> check(giveUp));
  }

  /** The other side lives: bytes come, be they a pong, or a part of something else. */
  void heard() {
    long nowMs = now();
    patience.rewarded(nowMs - lastHeardMs, config.pongTimeout(), nowMs);
    lastHeardMs = nowMs;
  }

  /** Something was acknowledged. */
  void acknowledged() {
    long nowMs = now();
    patience.rewarded(nowMs - lastProgressMs, config.ackTimeout(), nowMs);
    progress();
  }

  /** The clock of the acknowledgements starts. */
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
    long pongWithinMs = patience.of(config.pongTimeout());
    long ackWithinMs = patience.of(config.ackTimeout());
    if (now() - lastHeardMs > pongWithinMs) {
      patience.over();
      giveUp.accept(late("no pong for " + pongWithinMs + " ms: the link is dead"));
    } else if (exchange.unacknowledged() > 0 && now() - lastProgressMs > ackWithinMs) {
      patience.over();
      giveUp.accept(late("no acknowledgement for " + ackWithinMs + " ms: the server hangs"));
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
