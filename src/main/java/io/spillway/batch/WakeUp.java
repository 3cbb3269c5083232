package io.spillway.batch;

import io.vertx.core.Vertx;

/** One timer that is set to another time as often as need be. */
final class WakeUp {
  private static final long NONE = -1;

  private final Vertx vertx;
  private final Runnable action;
  private long timer = NONE;
  private long atMs;

  WakeUp(Vertx vertx, Runnable action) {
    this.vertx = vertx;
    this.action = action;
  }

  /** Runs the action at {@code newAtMs} and not before; both times are of the monotonic clock. */
  void at(long newAtMs, long nowMs) {
    if (timer != NONE && atMs == newAtMs) {
      return;
    }
    cancel();
    atMs = newAtMs;
    timer =
        vertx.setTimer(
            newAtMs - nowMs,
            fired -> {
              timer = NONE;
              action.run();
            });
  }

  void cancel() {
    if (timer != NONE) {
      vertx.cancelTimer(timer);
      timer = NONE;
    }
  }
}
