package io.spillway.bus;

import io.spillway.time.TimeSource;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/**
 * Publishes a role's state once a second, from the role's own event loop. Its beats are those of a
 * timer of Vert.x, and so of the machine's clock.
 */
public final class Heartbeat {
  private static final long EVERY_MS = 1_000;

  private final Vertx vertx;
  private final FaultMemory faults = new FaultMemory();
  private final long timer;

  public Heartbeat(Vertx vertx, Supplier<RoleState> state) {
    this.vertx = vertx;
    this.timer = vertx.setPeriodic(0, EVERY_MS, tick -> beat(state.get()));
  }

  private void beat(RoleState state) {
    LastFault last = faults.at(state.fault(), TimeSource.SYSTEM.monotonicMs());
    Channels.ROLE_STATE.publish(vertx, state.remembering(last));
  }

  /** No more beats. */
  public void stop() {
    vertx.cancelTimer(timer);
  }
}
