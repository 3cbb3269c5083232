package io.spillway.batch;

import io.spillway.bus.Fault;
import io.spillway.journal.JournalFailure;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The change from one epoch of a spool to the next, step by step, each until it succeeds: an epoch
 * that is known not to be good is never gone on with. The more often it is asked for, the longer it
 * waits: a server may say so of each new one. After an hour without, it does not wait again.
 */
final class Renewal {
  private static final Logger log = LoggerFactory.getLogger(Renewal.class);
  private static final long AGAIN_AFTER_MS = 5_000;
  private static final int DOUBLED_AT_MOST = 7;
  private static final long FORGOTTEN_AFTER_MS = 3_600_000;

  private final Vertx vertx;
  private final TimeSource time;
  private Future<?> done = Future.succeededFuture();
  private Promise<Void> pause = Promise.promise();
  private long timer = -1;
  private Fault fault = Fault.NONE;
  private boolean running;
  private boolean stopping;
  private int times;
  private long doneAtMs;

  Renewal(Vertx vertx, TimeSource time) {
    this.vertx = vertx;
    this.time = time;
  }

  /** Takes these steps; nothing while it is under way already. */
  void run(List<Supplier<Future<?>>> steps) {
    if (running || stopping) {
      return;
    }
    running = true;
    if (time.monotonicMs() - doneAtMs > FORGOTTEN_AFTER_MS) {
      times = 0;
    }
    Future<?> all = times == 0 ? Future.succeededFuture() : pause(AGAIN_AFTER_MS << times);
    times = Math.min(times + 1, DOUBLED_AT_MOST);
    for (Supplier<Future<?>> step : steps) {
      all = all.compose(before -> untilDone(step));
    }
    done = all.onSuccess(last -> finished());
  }

  private void finished() {
    running = false;
    fault = Fault.NONE;
    doneAtMs = time.monotonicMs();
  }

  /** Begins no step any more; completes when none is under way. */
  Future<?> stop() {
    stopping = true;
    vertx.cancelTimer(timer);
    pause.tryFail("stopping");
    return done.otherwiseEmpty();
  }

  /** Why it does not get on; {@link Fault#NONE} if it does. */
  Fault fault() {
    return fault;
  }

  private Future<?> untilDone(Supplier<Future<?>> step) {
    if (stopping) {
      return Future.failedFuture("stopping");
    }
    return Future.succeededFuture()
        .compose(begun -> step.get()) // one that throws has failed, too
        .recover(
            error -> {
              fault = Fault.disk(error);
              log.warn("[spool] no new epoch yet: {}", JournalFailure.words(error));
              return stopping
                  ? Future.failedFuture(error)
                  : pause(AGAIN_AFTER_MS).compose(again -> untilDone(step).mapEmpty());
            });
  }

  /** Fails at once when it stops. */
  private Future<Void> pause(long ms) {
    Promise<Void> over = Promise.promise();
    pause = over;
    timer = vertx.setTimer(ms, now -> over.tryComplete());
    return over.future();
  }
}
