package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import java.util.Locale;

/**
 * Sees that a database refuses one record after the other, each for itself, and takes none. A rule
 * that somebody has made there may refuse all that come from now on, and not the one that was taken
 * last: then each is set aside as if it were at fault.
 *
 * <p>All times are milliseconds of the monotonic clock.
 */
final class RefusalStreak {
  private static final int MANY = 100;

  /** Few, where few come: but all in so long a time. */
  private static final long LONG_MS = 60_000;

  private long count;
  private long firstMs;
  private long lastMs;
  private String reason = "";

  /** A record was set aside. */
  void refused(String why, long nowMs) {
    if (count++ == 0) {
      firstMs = nowMs;
    }
    lastMs = nowMs;
    reason = why;
  }

  /**
   * The database has taken a batch.
   *
   * @param some false if there was nothing in it to be written, as in a mere step over a record
   *     that was set aside
   */
  void written(boolean some) {
    if (some) {
      count = 0;
    }
  }

  /** That somebody has to look at it; {@link Fault#NONE} if nobody has. */
  Fault fault(String address) {
    if (count < MANY && (count == 0 || lastMs - firstMs < LONG_MS)) {
      return Fault.NONE;
    }
    return new Fault(
        FaultKind.SET_ASIDE,
        String.format(
            Locale.ROOT,
            "%s has refused each of the last %,d records, and they are set aside: %s"
                + "; change there what refuses them",
            address,
            count,
            reason));
  }
}
