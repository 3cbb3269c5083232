package io.spillway.doctor;

import io.spillway.hop.HopFinding;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * A hop that is to be looked at.
 *
 * @param needs hops without which there is nothing to see at this one
 * @param look begins to look, on the event loop
 */
record Step(String hop, List<String> needs, Supplier<Future<HopFinding>> look) {
  /** One that is looked at by blocking work. */
  static Step blocking(Vertx vertx, String hop, List<String> needs, Callable<HopFinding> look) {
    return new Step(hop, needs, () -> Blocking.runBeside(vertx, look));
  }

  /** One that has been seen as soon as it is its turn. */
  static Step quick(String hop, List<String> needs, Supplier<HopFinding> look) {
    return new Step(hop, needs, () -> Future.succeededFuture(look.get()));
  }
}
