package io.spillway.server.status;

/** How long something has been so, for people. */
final class Ages {
  private static final long SECOND_MS = 1_000;
  private static final long MINUTE_MS = 60 * SECOND_MS;
  private static final long HOUR_MS = 60 * MINUTE_MS;
  private static final long DAY_MS = 24 * HOUR_MS;

  private Ages() {}

  /** In the largest unit of which there are two, as {@code 47 min} or {@code 3 days}. */
  static String text(long ms) {
    if (ms < 2 * MINUTE_MS) {
      return ms / SECOND_MS + " s";
    }
    if (ms < 2 * HOUR_MS) {
      return ms / MINUTE_MS + " min";
    }
    return ms < 2 * DAY_MS ? ms / HOUR_MS + " h" : ms / DAY_MS + " days";
  }
}
