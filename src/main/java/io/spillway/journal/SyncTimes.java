package io.spillway.journal;

import io.spillway.hop.HopFinding;
import java.util.Arrays;
import java.util.Locale;

/** How long a disk takes to make a little safe, and what follows from it for messages. */
final class SyncTimes {
  private static final double MS = 1e6;
  private static final double SECOND = 1e9;

  /** Twenty messages a second one by one: a few sensors send as many. */
  private static final double SLOW_MS = 50;

  private static final double STALLED_MS = 1_000;

  private final long[] sorted;

  /**
   * @param nanos one for each time, at least one
   */
  SyncTimes(long[] nanos) {
    sorted = nanos.clone();
    Arrays.sort(sorted);
  }

  double medianMs() {
    return sorted[sorted.length / 2] / MS;
  }

  double worstMs() {
    return sorted[sorted.length - 1] / MS;
  }

  /** How many messages come through in a second if each is waited for before the next one comes. */
  long perSecond() {
    return Math.max(1, Math.round(SECOND / Math.max(1, sorted[sorted.length / 2])));
  }

  /**
   * @param key that names the directory
   */
  HopFinding finding(String hop, String key, String where) {
    String words =
        String.format(
            Locale.ROOT,
            "%s: 4 KiB are safe after %.2f ms, at worst %.2f ms (%d times): at most about %,d"
                + " messages a second one by one, many more when they come together",
            where,
            medianMs(),
            worstMs(),
            sorted.length,
            perSecond());
    return medianMs() < SLOW_MS && worstMs() < STALLED_MS
        ? HopFinding.ok(hop, words)
        : HopFinding.notice(
            hop,
            words,
            "the disk is slow, or busy: nothing is acknowledged before it is safe, so name a"
                + " faster one by "
                + key);
  }
}
