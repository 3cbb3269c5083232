package io.spillway.bus;

import io.vertx.core.Vertx;
import java.util.function.Supplier;

/** Publishes a role's state once a second, from the role's own event loop. */
public final class Heartbeat {
  private static final long EVERY_MS = 1_000;

  private final Vertx vertx;
  private final long timer;

  public Heartbeat(Vertx vertx, Supplier<RoleState> state) {
    this.vertx = vertx;
    this.timer =
        vertx.setPeriodic(0, EVERY_MS, tick -> Channels.ROLE_STATE.publish(vertx, state.get()));
  }

  /** No more beats. */
  public void stop() {
    vertx.cancelTimer(timer);
  }
}
