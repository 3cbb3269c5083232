package io.spillway;

import io.vertx.core.Future;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits on the test's thread for what happens on an event loop, and not for ever. */
public final class Await {
  private static final long SECONDS = 20;

  private Await() {}

  /** The result; fails with the future's failure. */
  public static <T> T await(Future<T> future) {
    try {
      return future.await(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("did not happen within " + SECONDS + " s", e);
    }
  }

  /** The failure; the future must not succeed. */
  public static Throwable failure(Future<?> future) {
    return await(
        future.transform(
            settled ->
                settled.failed()
                    ? Future.succeededFuture(settled.cause())
                    : Future.failedFuture(new AssertionError("succeeded: " + settled.result()))));
  }

  /** The next of what a handler puts into the queue. */
  public static <T> T next(BlockingQueue<T> events) throws InterruptedException {
    T event = events.poll(SECONDS, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("nothing happened within " + SECONDS + " s");
    }
    return event;
  }
}
