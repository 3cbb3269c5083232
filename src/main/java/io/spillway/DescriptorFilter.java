package io.spillway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.spillway.time.TimeSource;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Says in one line of ours that no file descriptor is left, instead of the stack trace that a
 * library has for each attempt, once a second. Said again when that was over for a minute.
 */
final class DescriptorFilter extends TurboFilter {
  static final String WORDS =
      "no file descriptor is left: connections wait, and files cannot be opened; raise LimitNOFILE="
          + " of the service, or ulimit -n";

  private static final long OVER_MS = 60_000;

  /** What strerror says for EMFILE, and how it begins for ENFILE. */
  private static final String REASON = "Too many open files";

  private final TimeSource time;
  private final AtomicLong heardMs;

  DescriptorFilter(TimeSource time) {
    this.time = time;
    heardMs = new AtomicLong(time.monotonicMs() - OVER_MS - 1);
  }

  @Override
  public FilterReply decide(
      Marker marker, Logger logger, Level level, String text, Object[] arguments, Throwable error) {
    if (error == null || logger.getName().startsWith(Logging.OURS) || !isReason(error)) {
      return FilterReply.NEUTRAL;
    }
    long nowMs = time.monotonicMs();
    if (nowMs - heardMs.getAndSet(nowMs) > OVER_MS) {
      LoggerFactory.getLogger(DescriptorFilter.class).warn(WORDS);
    }
    return FilterReply.DENY;
  }

  private static boolean isReason(Throwable error) {
    return String.valueOf(error.getMessage()).contains(REASON);
  }
}
