package io.spillway.server.mqtt;

import io.spillway.config.GatewayConfig;
import io.spillway.retry.RateLimitedLog;
import io.spillway.server.part.AwakeTime;
import io.spillway.wire.CloseCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that are open, and the memory that they share. Used on one event loop only. */
final class Bridges {
  private static final Logger log = LoggerFactory.getLogger(Bridges.class);

  private static final long STOP_WITHIN_MS = 2_000;

  /** What all unfinished packets may take, and again all that waits for slow browsers. */
  private static final long MEMORY = Runtime.getRuntime().maxMemory() / 8;

  /** How long a browser may take nothing while too many do not. */
  private static final Duration HURRY = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final GatewayMetrics metrics;
  private final RateLimitedLog slow = new RateLimitedLog(log);

  /** Each with what is to be done when it has gone. */
  private final Map<Bridge, Runnable> open = new HashMap<>();

  private final Promise<Void> gone = Promise.promise();
  private boolean closing;
  private long heldBytes;

  Bridges(Vertx vertx, GatewayMetrics metrics) {
    this.vertx = vertx;
    this.metrics = metrics;
    metrics.gauge("open", open::size);
  }

  int size() {
    return open.size();
  }

  /** Begins with one more. */
  void add(Bridge bridge, Runnable whenGone) {
    open.put(bridge, whenGone);
    metrics.opened();
    log.debug("[mqtt gateway] {} connected", bridge.peer);
    bridge.open();
  }

  void closeIf(Predicate<Bridge> which, CloseCode code, String reason) {
    List.copyOf(open.keySet()).stream().filter(which).forEach(bridge -> bridge.close(code, reason));
  }

  /** Closes all, and succeeds when they are gone, or soon. */
  Future<Void> close() {
    closing = true;
    closeIf(bridge -> true, CloseCode.GOING_AWAY, "the server is stopping");
    succeedIfGone();
    long timer = vertx.setTimer(STOP_WITHIN_MS, late -> gone.tryComplete());
    return gone.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  boolean isClosing() {
    return closing;
  }

  /** Looks after each; from time to time. */
  void sweep(long now, GatewayConfig config) {
    long each = config.queueBytes() + (long) config.packetBytes();
    long waiting = open.keySet().stream().filter(Bridge::isWaitedFor).count();
    boolean crowded = waiting * each > MEMORY;
    Duration patience = crowded && config.slow().compareTo(HURRY) > 0 ? HURRY : config.slow();
    List.copyOf(open.keySet()).forEach(bridge -> bridge.look(now, patience));
  }

  /** How often to {@link #sweep}, in milliseconds. */
  static long sweepEveryMs(GatewayConfig config) {
    return AwakeTime.everyMs(config.shortest().toMillis());
  }

  // --- what they tell

  /** Memory for unfinished packets is needed, or given back; false if there is none. */
  boolean hold(int bytes) {
    heldBytes += bytes;
    return bytes <= 0 || heldBytes <= MEMORY;
  }

  /** Memory for unfinished packets is given back. */
  void release(int bytes) {
    heldBytes -= bytes;
  }

  /** It closes both sides. */
  void closing(Bridge bridge, CloseCode code, String reason) {
    metrics.closed(code);
    log.debug("[mqtt gateway] {} is closed with {}: {}", bridge.peer, code.code(), reason);
  }

  /** Its browser does not read. */
  void slow(Bridge bridge) {
    slow.warn("[mqtt gateway] " + bridge.peer + " is closed as too slow: it does not read");
  }

  /** Something could not be written: its connection ends, or has ended. */
  void gone(Bridge bridge, Throwable error) {
    log.debug("[mqtt gateway] {}: {}", bridge.peer, error.toString());
  }

  /** Both sides have gone; again does nothing. */
  void ended(Bridge bridge) {
    Runnable whenGone = open.remove(bridge);
    if (whenGone != null) {
      whenGone.run();
      log.debug("[mqtt gateway] {} has gone", bridge.peer);
    }
    succeedIfGone();
  }

  private void succeedIfGone() {
    if (closing && open.isEmpty()) {
      gone.tryComplete();
    }
  }
}
