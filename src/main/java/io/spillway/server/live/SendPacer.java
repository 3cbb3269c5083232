package io.spillway.server.live;

/**
 * How long to rest after a piece of work, so that the work takes at most a share of the event
 * loop's time, and what comes meanwhile is done in one go. With little to do the rest is too short
 * to be noticed; with much, each write carries more.
 */
final class SendPacer {
  private final int restPerWork;
  private final long restMaxNanos;
  private long notBefore;

  /**
   * @param restPerWork how many times the work's duration to rest
   */
  SendPacer(int restPerWork, long restMaxNanos) {
    this.restPerWork = restPerWork;
    this.restMaxNanos = restMaxNanos;
  }

  /** Work was done from {@code start} to {@code end}, in nanoseconds of the same clock. */
  void worked(long start, long end) {
    notBefore = end + Math.min((end - start) * restPerWork, restMaxNanos);
  }

  /** How long to wait before the next work; 0 or less: not at all. */
  long restNanos(long now) {
    return notBefore - now;
  }
}
