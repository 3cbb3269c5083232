package io.spillway.journal;

import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time by which retention deletes. That is the wall clock's, unless it has jumped ahead: then
 * all records look old at once, and what is deleted does not come back when the clock does. A jump
 * is seen by the monotonic clock, and at a start by the times of the segments themselves; it is
 * believed when it has lasted for a day.
 */
final class RetentionClock {
  static final Duration JUMP = Duration.ofHours(1);
  static final Duration PAUSE = Duration.ofDays(1);
  static final Duration BELIEVED_AFTER = Duration.ofDays(1);

  private static final Logger log = LoggerFactory.getLogger(RetentionClock.class);

  private Instant trusted;
  private long atNanos;
  private boolean doubted;
  private long doubtedNanos;

  /**
   * @param newest when something was written last, as its file says; null if nothing ever was
   */
  RetentionClock(Instant newest, Instant wall, long nanos) {
    boolean paused = newest != null && newest.plus(PAUSE).isBefore(wall);
    trusted = paused ? newest : wall;
    atNanos = nanos;
    doubtedNanos = nanos;
  }

  /**
   * What time it is, for deleting what is old: never later than it can be.
   *
   * @param nanos of the monotonic clock
   */
  Instant now(Instant wall, long nanos) {
    Instant steady = trusted.plusNanos(nanos - atNanos);
    atNanos = nanos;
    if (!wall.isAfter(steady.plus(JUMP))) {
      settle("is right again", wall);
    } else if (!doubted) {
      doubt(steady, wall, nanos);
    } else if (nanos - doubtedNanos >= BELIEVED_AFTER.toNanos()) {
      settle("has stood so for a day, and is believed", wall);
    } else {
      trusted = steady;
    }
    return trusted;
  }

  private void doubt(Instant steady, Instant wall, long nanos) {
    log.warn(
        "retention: the clock says {}, {} h later than it should be; nothing is deleted by age"
            + " before it has stood so for a day",
        wall,
        Duration.between(steady, wall).toHours());
    doubted = true;
    doubtedNanos = nanos;
    trusted = steady;
  }

  private void settle(String how, Instant wall) {
    if (doubted) {
      log.info("retention: the clock {}: {}", how, wall);
    }
    doubted = false;
    trusted = wall;
  }
}
