package io.spillway.batch;

import io.spillway.bus.Fault;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The change from one epoch of a spool to the next, step by step, each until it succeeds: an epoch
 * that is known not to be good is never gone on with. The more often it is asked for, the longer it
 * waits: a server may say so of each new one.
 */
final class Renewal {
  private static final Logger log = LoggerFactory.getLogger(Renewal.class);
  private static final long AGAIN_AFTER_MS = 5_000;
  private static final int DOUBLED_AT_MOST = 7;

  private final Vertx vertx;
  private Future<?> done = Future.succeededFuture();
  private Fault fault = Fault.NONE;
  private boolean running;
  private boolean stopping;
  private int times;

  Renewal(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Takes these steps; nothing while it is under way already. */
  void run(List<Supplier<Future<?>>> steps) {
    if (running || stopping) {
      return;
    }
    running = true;
    Future<?> all = times == 0 ? Future.succeededFuture() : vertx.timer(AGAIN_AFTER_MS << times);
    times = Math.min(times + 1, DOUBLED_AT_MOST);
    for (Supplier<Future<?>> step : steps) {
      all = all.compose(before -> untilDone(step));
    }
    done =
        all.onSuccess(
            last -> {
              running = false;
              fault = Fault.NONE;
            });
  }

  /** Begins no more; completes when nothing is under way. */
  Future<?> stop() {
    stopping = true;
    return done.otherwiseEmpty();
  }

  /** Why it does not get on; {@link Fault#NONE} if it does. */
  Fault fault() {
    return fault;
  }

  private Future<?> untilDone(Supplier<Future<?>> step) {
    return step.get()
        .recover(
            error -> {
              fault = Fault.disk(error);
              log.warn("[spool] no new epoch yet: {}", error.getMessage());
              return stopping
                  ? Future.failedFuture(error)
                  : vertx.timer(AGAIN_AFTER_MS).compose(again -> untilDone(step).mapEmpty());
            });
  }
}
