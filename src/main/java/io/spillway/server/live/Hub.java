package io.spillway.server.live;

import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.bus.StoredBatch;
import io.spillway.message.Lines;
import io.spillway.retry.RateLimitedLog;
import io.spillway.server.records.RecordView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what is stored to the broadcast, in the order of the offsets and without a gap, whatever
 * happens to the copies on the bus. On one event loop, and so it is simple to say who gets what: a
 * client that joins gets all from {@link #next} on.
 */
final class Hub {
  private static final Logger log = LoggerFactory.getLogger(Hub.class);
  private static final int REPAIR_RECORDS = 1_000;
  private static final int REPAIR_BYTES = 256 << 10;
  private static final long AGAIN_MS = 1_000;

  private final Vertx vertx;
  private final RecordView view;
  private final Broadcast broadcast;
  private final LiveMetrics metrics;

  private final RateLimitedLog broken = new RateLimitedLog(log);

  private String journal;
  private long next;

  /** The highest end of a batch that was heard of. */
  private long heard;

  private boolean repairing;

  /** What was heard of each host's journal before it was known which is ours. */
  private final Map<String, Long> early = new HashMap<>(2);

  Hub(Vertx vertx, RecordView view, Broadcast broadcast, LiveMetrics metrics) {
    this.vertx = vertx;
    this.view = view;
    this.broadcast = broadcast;
    this.metrics = metrics;
  }

  /** Begins to listen; succeeds when it is known where the journal is. */
  Future<Void> start() {
    Channels.BATCH_STORED.listen(vertx, this::stored);
    return Channels.RECORDS_READ
        .request(vertx, ReadRequest.POSITION)
        .map(
            position -> {
              journal = position.journal();
              next = position.end();
              heard = early.getOrDefault(journal, 0L);
              early.clear();
              repairIfBehind();
              return null;
            });
  }

  /** The offset of the next record that clients get; all below have been handed on. */
  long next() {
    return next;
  }

  /** How many records are stored and not handed on. */
  long behind() {
    return Math.max(0, heard - next);
  }

  /** There are records up to {@code end}, whether their copies come or not. */
  void expect(long end) {
    heard = Math.max(heard, end);
    if (!repairing) {
      repairIfBehind();
    }
  }

  private void stored(StoredBatch batch) {
    if (journal == null) {
      early.merge(batch.journal(), batch.next(), Math::max);
      return;
    }
    if (!batch.journal().equals(journal)) {
      broadcast(0, batch.lines()); // another host's: its offsets mean nothing here
      return;
    }
    heard = Math.max(heard, batch.next());
    if (repairing || batch.next() <= next) {
      return;
    }
    if (batch.first() > next) {
      repairIfBehind();
      return;
    }
    int known = (int) (next - batch.first());
    try {
      handOn(known == 0 ? batch.lines() : batch.lines().skip(known), next, batch.next());
    } catch (RuntimeException error) {
      repairing = true;
      repairLater(error);
    }
  }

  /**
   * First the place, then the records: a client for which there is no room is told at once to read
   * the journal up to here. If it throws, the place is that of the record at which it did.
   */
  private void handOn(Lines lines, long first, long end) {
    next = end;
    broadcast(first, lines);
  }

  /** A copy of what was stored got lost: the journal has it. */
  private void repairIfBehind() {
    repairing = next < heard;
    if (repairing) {
      Future.succeededFuture(new ReadRequest(next, REPAIR_RECORDS, REPAIR_BYTES))
          .compose(ask -> Channels.RECORDS_READ.request(vertx, ask))
          .map(this::repair) // both may throw: then it is tried again, too
          .onSuccess(repaired -> repairIfBehind())
          .onFailure(this::repairLater);
    }
  }

  private void repairLater(Throwable error) {
    if (error instanceof Error) {
      log.error("[live] cannot show what is stored", error); // the end, if it is want of memory
    } else if (error instanceof RuntimeException && !(error instanceof VertxException)) {
      broken.warn("[live] cannot show what is stored, and tries again: " + error);
    } else {
      log.warn("[live] cannot read the journal: {}", BusFailure.fault(error).words());
    }
    vertx.setTimer(AGAIN_MS, again -> repairIfBehind());
  }

  private Void repair(Records records) {
    metrics.repaired(records.lines().count());
    long end = records.lines().isEmpty() ? records.end() : records.next();
    handOn(records.lines(), records.first(), Math.max(next, end));
    return null;
  }

  /** Lines from offset {@code first} on, or of another journal if that is 0. */
  private void broadcast(long first, Lines lines) {
    byte[] bytes = lines.array();
    long offset = first;
    int end;
    boolean all = false;
    try {
      for (int start = lines.from(); start < lines.to(); start = end) {
        end = lines.endOfLine(start);
        if (view.look(bytes, start, end - 1, offset)) {
          metrics.record(view);
          broadcast.add(view);
        }
        if (offset > 0) {
          offset++;
        }
      }
      all = true;
    } finally {
      if (!all && offset > 0) {
        next = offset;
      }
      broadcast.sendSoon();
    }
  }
}
