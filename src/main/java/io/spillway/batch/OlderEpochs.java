package io.spillway.batch;

import io.spillway.bus.Fault;
import io.spillway.journal.JournalFailure;
import io.spillway.retry.RateLimitedLog;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits in epochs that were put aside: it is sent before anything newer, so that each topic
 * stays in order, and then their directories are removed.
 */
final class OlderEpochs {
  private static final Logger log = LoggerFactory.getLogger(OlderEpochs.class);

  private static final Future<Void> NEVER = Promise.<Void>promise().future();

  private static final long AGAIN_AFTER_MS = 5_000;

  /** One of them. */
  record Epoch(Spool spool, Drain drain) {}

  private final RateLimitedLog inTheWay = new RateLimitedLog(log);
  private final Vertx vertx;
  private final Retirement.Removal removal;
  private final Deque<Epoch> left;
  private final long carried;
  private boolean stopping;

  /**
   * @param epochs the oldest first
   * @param removal of the directory of one of which nothing waits
   */
  OlderEpochs(Vertx vertx, List<Epoch> epochs, Retirement.Removal removal) {
    this.vertx = vertx;
    this.removal = removal;
    left = new ConcurrentLinkedDeque<>(epochs); // closed on a worker, too
    carried = epochs.stream().mapToLong(epoch -> epoch.drain.carried()).sum();
  }

  /** Records that waited when they were opened. */
  long carried() {
    return carried;
  }

  /** Records that wait still. */
  long waiting() {
    return left.stream().mapToLong(epoch -> epoch.drain.waiting()).sum();
  }

  /** Why the one that is being emptied cannot be read; {@link Fault#NONE} if it can. */
  Fault fault() {
    Epoch first = left.peekFirst();
    return first == null ? Fault.NONE : first.drain.fault();
  }

  /** Records that they got rid of, by now. */
  long done() {
    return carried - waiting();
  }

  /** Gives the one that is being emptied, or else {@code newest}, a last while. */
  Future<Void> finish(Drain newest) {
    stopping = true;
    return left.isEmpty() ? newest.finish() : left.getFirst().drain.finish();
  }

  /** Sends nothing more of any. */
  void stop() {
    stopping = true;
    left.forEach(epoch -> epoch.drain.stop());
  }

  /** Empties one after the other; completes when none is left, and not while it stops. */
  Future<Void> empty() {
    if (stopping) {
      return NEVER;
    }
    if (left.isEmpty()) {
      return Future.succeededFuture();
    }
    Epoch oldest = left.getFirst();
    log.info("[spool] {}: {} records go first", oldest.spool.dir(), oldest.drain.waiting());
    return oldest
        .drain
        .start()
        .compose(emptied -> stopping ? NEVER : removed(oldest))
        .compose(
            removed -> {
              left.removeFirst();
              return empty();
            });
  }

  /** Nothing waits for a directory that cannot be removed now: that is tried again later. */
  private Future<Void> removed(Epoch epoch) {
    return Blocking.run(vertx, () -> remove(epoch))
        .recover(
            error -> {
              inTheWay.warn(
                  "[spool] %s; all of %s is sent, and it is removed later"
                      .formatted(JournalFailure.words(error), epoch.spool.dir()));
              vertx.setTimer(AGAIN_AFTER_MS, timer -> removeUnlessStopping(epoch));
              return Future.succeededFuture();
            });
  }

  private void removeUnlessStopping(Epoch epoch) {
    if (!stopping) {
      removed(epoch);
    }
  }

  private Void remove(Epoch epoch) throws IOException {
    close(epoch);
    removal.delete(epoch.spool.dir());
    return null;
  }

  /** Blocking. */
  void close() throws IOException {
    IOException problem = null;
    for (Epoch epoch : left) {
      try {
        close(epoch);
      } catch (IOException error) {
        problem = error;
      }
    }
    if (problem != null) {
      throw problem;
    }
  }

  private static void close(Epoch epoch) throws IOException {
    try {
      epoch.drain.close();
    } finally {
      epoch.spool.journal().close();
    }
  }
}
