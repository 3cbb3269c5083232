package io.spillway.kit;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Waits on the test's thread, and not for ever: for what happens on an event loop, or in another
 * process, where it can only be looked at.
 */
public final class Await {
  private static final long SECONDS = 20;
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

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

  /** The next of them that is {@code wanted}, however many others there are in the meantime. */
  public static <T> T next(BlockingQueue<T> events, String what, Predicate<T> wanted)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    T event = next(events);
    while (!wanted.test(event)) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("no " + what + " within " + SECONDS + " s, last: " + event);
      }
      event = next(events);
    }
    return event;
  }

  /**
   * Returns as soon as {@code happened} is true; an exception counts as "not yet".
   *
   * @throws AssertionError when it has not happened within {@code limit}; says {@code what}
   */
  public static void until(String what, Duration limit, Callable<Boolean> happened) {
    until(() -> what, limit, happened);
  }

  /** As above; {@code what} is asked at the end of the wait and may tell how far things are. */
  public static void until(Supplier<String> what, Duration limit, Callable<Boolean> happened) {
    until(what, limit, LOOK_EVERY, happened);
  }

  /** As above, where a look is expensive. */
  static void until(
      Supplier<String> what, Duration limit, Duration lookEvery, Callable<Boolean> happened) {
    long deadline = System.nanoTime() + limit.toNanos();
    Exception last = null;
    while (true) {
      try {
        if (happened.call()) {
          return;
        }
        last = null;
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting for: " + what.get(), interrupted);
      } catch (Exception notYet) {
        last = notYet;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + limit + ": " + what.get(), last);
      }
      LockSupport.parkNanos(lookEvery.toNanos());
    }
  }
}
