package io.spillway.server.live;

import io.netty.buffer.ByteBuf;
import io.spillway.bus.Channels;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.retry.OutageLog;
import io.spillway.retry.RateLimitedLog;
import io.spillway.server.records.RecordView;
import io.spillway.time.TimeSource;
import io.spillway.wire.CloseCode;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives history to clients, and hands them over to live with no gap and no duplicate.
 *
 * <p>A replay goes step by step: read some records, send them, wait until the client's socket has
 * them, then stand in line again. So a fast client gets as much as a slow one lets it, one that
 * does not read costs nothing, and live records go out between the steps. Only so many read at a
 * time.
 */
final class Replays {
  private static final Logger log = LoggerFactory.getLogger(Replays.class);
  private static final int STEP_RECORDS = 1_000;
  private static final int STEP_BYTES_MAX = 256 << 10;
  private static final long AGAIN_MS = 1_000;
  private static final long SOON_MS = 5;

  /** Steps take at most half of the event loop's time. */
  private static final int REST_PER_STEP = 1;

  private static final long REST_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Vertx vertx;
  private final RecordView view;
  private final Hub hub;
  private final Broadcast broadcast;
  private final LiveMetrics metrics;
  private final int readingMax;
  private final OutageLog disk = new OutageLog(log, "[live] replay:");
  private final RateLimitedLog broken = new RateLimitedLog(log);
  private final SendPacer pacer = new SendPacer(REST_PER_STEP, REST_MAX_NANOS);
  private final Set<Replay> all = new HashSet<>();
  private final Deque<Replay> line = new ArrayDeque<>();
  private int reading;
  private boolean resting;

  /** Told when a client is live. */
  interface CaughtUp {
    /** The client has had all that is stored, and is in its group. */
    void live(LiveClient client);
  }

  private final CaughtUp caughtUp;
  private final TimeSource time;

  Replays(
      Vertx vertx,
      RecordView view,
      Hub hub,
      Broadcast broadcast,
      LiveMetrics metrics,
      int readingMax,
      CaughtUp caughtUp,
      TimeSource time) {
    this.vertx = vertx;
    this.view = view;
    this.hub = hub;
    this.broadcast = broadcast;
    this.metrics = metrics;
    this.readingMax = readingMax;
    this.caughtUp = caughtUp;
    this.time = time;
  }

  /** The client, which is in no group, goes through the journal. */
  void start(Replay replay) {
    replay.client.state.replays();
    metrics.replayBegun();
    all.add(replay);
    line.add(replay);
    next();
  }

  /** Those under way. */
  Set<Replay> all() {
    return all;
  }

  private void next() {
    while (reading < readingMax && !line.isEmpty() && !resting) {
      long rest = pacer.restNanos(time.nanoTime());
      if (rest > 0) {
        resting = true;
        vertx.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(rest)), this::rested);
      } else {
        Replay replay = line.poll();
        guarded(replay, () -> step(replay));
      }
    }
  }

  /** A replay that fails ends its client, which comes again; the others go on. */
  private void guarded(Replay replay, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error error) {
      broken.warn("[live] replay: cannot go on at offset " + replay.position() + ": " + error);
      all.remove(replay);
      replay.client.close(CloseCode.TRY_LATER, "the server cannot give you what is stored now");
    }
  }

  private void rested(long timer) {
    resting = false;
    next();
  }

  private void step(Replay replay) {
    if (!replay.client.state.isReplaying()) {
      all.remove(replay);
    } else if (replay.position() > hub.next()) { // had from elsewhere what the hub is to hear of
      hub.expect(replay.position());
      vertx.setTimer(SOON_MS, again -> standInLine(replay));
    } else if (replay.position() == hub.next()) {
      live(replay);
    } else {
      int bytes = (int) Math.min(STEP_BYTES_MAX, Math.max(1_024, broadcast.clientBytesMax() / 2));
      Future<Records> records =
          Channels.RECORDS_READ.request(
              vertx, new ReadRequest(replay.position(), STEP_RECORDS, bytes));
      reading++; // not before, as to ask may throw
      records.onComplete(read -> read(replay, read));
    }
  }

  private void read(Replay replay, AsyncResult<Records> read) {
    reading--;
    if (read.succeeded()) {
      disk.up();
      guarded(replay, () -> send(replay, read.result()));
    } else {
      disk.down("cannot read the journal: " + read.cause().getMessage());
      vertx.setTimer(AGAIN_MS, again -> standInLine(replay));
    }
    next();
  }

  private void send(Replay replay, Records records) {
    LiveClient client = replay.client;
    if (!client.state.isReplaying()) {
      all.remove(replay);
      return;
    }
    long start = time.nanoTime();
    long before = replay.position();
    Replay.Frameset step = replay.pass(records, hub.next(), view);
    if (step.gap() != null) {
      client.send(LiveMessages.gap(step.gap().from(), step.gap().to()));
    }
    ByteBuf frames = step.frames();
    if (frames != null) {
      metrics.replayed(step.count());
    }
    if (replay.position() == hub.next()) {
      if (frames != null) {
        client.send(frames);
      }
      live(replay); // at once: the next look would find it behind again
    } else if (frames != null) {
      client.sendTold(frames).addListener(sent -> standInLine(replay));
    } else if (replay.position() > before) {
      standInLine(replay);
    } else {
      vertx.setTimer(AGAIN_MS, again -> standInLine(replay));
    }
    pacer.worked(start, time.nanoTime());
  }

  private void live(Replay replay) {
    all.remove(replay);
    broadcast.join(replay.client);
    caughtUp.live(replay.client);
  }

  private void standInLine(Replay replay) {
    line.add(replay);
    next();
  }
}
