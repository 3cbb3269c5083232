package io.spillway.sink;

import io.spillway.time.TimeSource;
import io.vertx.core.Vertx;

/** One timer: the earliest of those that are asked for. Whoever wakes too early asks again. */
final class SinkTimer {
  private static final long NONE = -1;

  private final Vertx vertx;
  private final TimeSource time;
  private final Runnable then;
  private long timer = NONE;
  private long atMs;

  SinkTimer(Vertx vertx, TimeSource time, Runnable then) {
    this.vertx = vertx;
    this.time = time;
    this.then = then;
  }

  /** A timer that is due earlier does as well. */
  void in(long ms) {
    long dueMs = time.monotonicMs() + ms;
    if (timer != NONE && atMs <= dueMs) {
      return;
    }
    vertx.cancelTimer(timer);
    atMs = dueMs;
    timer =
        vertx.setTimer(
            ms,
            due -> {
              timer = NONE;
              then.run();
            });
  }
}
