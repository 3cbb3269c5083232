package io.spillway.retry;

import io.spillway.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Tells of something that strangers can cause as often as they like: at once, and then no more than
 * once in a while, with how often it has happened meanwhile.
 */
public final class RateLimitedLog {
  private static final long EVERY_MS = 10_000;

  private final Logger log;
  private final TimeSource time;
  private boolean told;
  private long toldMs;
  private int unsaid;
  private Level unsaidLevel;
  private String unsaidText;

  public RateLimitedLog(Logger log) {
    this(log, TimeSource.SYSTEM);
  }

  /** By this clock. */
  public RateLimitedLog(Logger log, TimeSource time) {
    this.log = log;
    this.time = time;
  }

  /** It has happened again. */
  public void warn(String text) {
    tell(Level.WARN, text);
  }

  /** The same of what somebody has to do something about. */
  public void error(String text) {
    tell(Level.ERROR, text);
  }

  private void tell(Level level, String text) {
    if (!isQuiet()) {
      unsaid++;
      unsaidLevel = level;
      unsaidText = text;
      return;
    }
    told = true;
    toldMs = time.monotonicMs();
    String more = unsaid == 0 ? "" : " (and " + unsaid + " times more before)";
    log.atLevel(level).log("{}{}", text, more);
    unsaid = 0;
  }

  /** Says what is left, as nothing comes any more. */
  void close() {
    if (unsaid > 0) {
      log.atLevel(unsaidLevel).log("{} ({} times, and no more since)", unsaidText, unsaid);
    }
  }

  /** Whether the next is said: nothing was for a while. */
  boolean isQuiet() {
    return !told || time.monotonicMs() - toldMs >= EVERY_MS;
  }
}
