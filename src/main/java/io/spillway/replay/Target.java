package io.spillway.replay;

import io.vertx.core.Future;

/** Where lines go. */
interface Target {
  /**
   * Connects; what becomes of it the listener hears, and never before this has succeeded.
   *
   * @param held the lowest number that there is
   * @param reached everything below is there, as far as is known here
   * @return fails with an {@link io.spillway.bus.Fault.Failure} or as the network does
   */
  Future<TargetLink> connect(long held, long reached, TargetLink.Listener listener);

  /** Why it failed. */
  Ending explain(Throwable failure);

  /** Without user, password and token. */
  String url();

  /** Whether it says itself how far it is. */
  boolean remembers();

  /** What becomes of the lines there, as in {@code 1,234 stored}. */
  String done();

  Future<Void> close();
}
