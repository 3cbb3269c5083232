package io.spillway.server.live;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.spillway.config.LiveConfig;
import io.spillway.time.TimeSource;
import io.spillway.wire.CloseCode;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Looks at every client from time to time: sends pings, closes those that have not been heard of,
 * and those that do not take what they are sent.
 */
final class IdleSweeper {
  private static final long EVERY_MS_MAX = 1_000;
  private static final long EVERY_MS_MIN = 20;

  /** A client that cannot keep up has so long to catch up. */
  private static final long BEHIND_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** All queues together take at most this part of the memory that Java may use beside its heap. */
  private static final int MEMORY_SHARE = 4;

  private static final long QUEUE_BYTES_MIN = 16 << 10;

  private final Vertx vertx;
  private final LiveConfig config;
  private final Set<LiveClient> clients;
  private final Replays replays;
  private final Broadcast broadcast;
  private final LiveMetrics metrics;
  private final TimeSource time;
  private long timer = -1;
  private long ratesDueNanos;

  IdleSweeper(
      Vertx vertx,
      LiveConfig config,
      Set<LiveClient> clients,
      Replays replays,
      Broadcast broadcast,
      LiveMetrics metrics,
      TimeSource time) {
    this.vertx = vertx;
    this.config = config;
    this.clients = clients;
    this.replays = replays;
    this.broadcast = broadcast;
    this.metrics = metrics;
    this.time = time;
  }

  void start() {
    long quarter = Math.min(config.ping().toMillis(), config.idle().toMillis()) / 4;
    long every = Math.min(EVERY_MS_MAX, Math.max(EVERY_MS_MIN, quarter));
    ratesDueNanos = time.nanoTime();
    timer = vertx.setPeriodic(every, tick -> sweep(time.nanoTime()));
  }

  void stop() {
    vertx.cancelTimer(timer);
  }

  private void sweep(long now) {
    if (now - ratesDueNanos >= 0) {
      metrics.tick();
      ratesDueNanos += TimeUnit.SECONDS.toNanos(1);
    }
    ByteBuf ping = null;
    long waiting = 0;
    for (LiveClient client : new ArrayList<>(clients)) {
      client.look(now);
      if (!client.gate.isReading()) {
        client.keepalive.heard(now); // what it sends waits for us
      }
      if (client.waitingBytes() > 0) {
        waiting++;
      }
      if (client.keepalive.isGone(now, config.idle().toNanos())) {
        metrics.idle();
        client.close(CloseCode.GOING_AWAY, "nothing heard for " + config.idle().toSeconds() + " s");
        client.drop();
      } else if (client.keepalive.isPingDue(now, config.ping().toNanos())
          && !client.state.isClosing()) {
        client.keepalive.pinged(now);
        ping = ping == null ? ping() : ping;
        client.send(ping.retainedDuplicate());
      }
    }
    if (ping != null) {
      ping.release();
    }
    share(waiting);
    closeLaggards(now);
  }

  private ByteBuf ping() {
    ByteBuf frames =
        WebSocketFrames.text(PooledByteBufAllocator.DEFAULT, LiveMessages.ping(time.wallMs()));
    return WebSocketFrames.ping(frames);
  }

  /** When many clients read slowly, each may have less. */
  private void share(long waiting) {
    long all = Runtime.getRuntime().maxMemory() / MEMORY_SHARE;
    long each = all / Math.max(1, waiting);
    broadcast.clientBytesMax(Math.max(QUEUE_BYTES_MIN, Math.min(config.queueBytes(), each)));
  }

  private void closeLaggards(long now) {
    List<Replay> underWay = new ArrayList<>(replays.all());
    for (Replay replay : underWay) {
      LiveClient client = replay.client;
      if (client.stands(now)) {
        client.tooSlow("does not read");
      } else if (replay.lags(now, BEHIND_NANOS)) {
        client.tooSlow("has not caught up");
      }
    }
  }
}
