package io.spillway.worker;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.TimeUnit;

/**
 * A limit of time that ends on the event loop of whoever waits. That of {@link Future#timeout} ends
 * on a thread of Netty's where the future is of no context, and so does what is derived from it.
 */
public final class TimeLimit {
  private TimeLimit() {}

  /**
   * Fails with {@link java.util.concurrent.TimeoutException} after so long; call it on the loop.
   */
  public static <T> Future<T> within(Vertx vertx, long ms, Future<T> work) {
    Promise<T> here = ((ContextInternal) vertx.getOrCreateContext()).promise();
    work.onComplete(here);
    return here.future().timeout(ms, TimeUnit.MILLISECONDS);
  }
}
