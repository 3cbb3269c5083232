package io.spillway.worker;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;

/**
 * Blocking work whose outcome is heard on the event loop, by those who wait for it in the order in
 * which they were added.
 *
 * <p>The future of {@link Vertx#executeBlocking} does not keep that order: it is completed on the
 * worker's thread. If that happens between two listeners that the event loop adds, the first is
 * posted to the loop, and the second runs at once, before it.
 */
public final class Blocking {
  private Blocking() {}

  /** One after the other, in the order in which this context asks. */
  public static <T> Future<T> run(Vertx vertx, Callable<T> work) {
    return onLoop(vertx.executeBlocking(work));
  }

  /** The same, of this context. */
  public static <T> Future<T> run(Context context, Callable<T> work) {
    return onLoop(context.executeBlocking(work));
  }

  /** Beside what else this context has asked for. */
  public static <T> Future<T> runBeside(Vertx vertx, Callable<T> work) {
    return onLoop(vertx.executeBlocking(work, false));
  }

  /** One that is derived is completed by a listener, and that runs on the loop. */
  private static <T> Future<T> onLoop(Future<T> onWorker) {
    return onWorker.map(outcome -> outcome);
  }
}
