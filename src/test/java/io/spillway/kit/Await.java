package io.spillway.kit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for something that happens in another process and can only be looked at. */
public final class Await {
  private static final long LOOK_EVERY_NANOS = 20_000_000;

  private Await() {}

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
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }
}
