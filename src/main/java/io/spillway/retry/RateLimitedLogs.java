package io.spillway.retry;

import io.spillway.time.TimeSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;

/**
 * A {@link RateLimitedLog} for each of those who cause it, so that what one does hides nothing of
 * another. Bounded: of more than {@value #MOST} in a while the rest share one.
 */
public final class RateLimitedLogs {
  static final int MOST = 50;

  private final Logger log;
  private final TimeSource time;
  private final RateLimitedLog others;
  private final Map<String, RateLimitedLog> own = new LinkedHashMap<>(16, 0.75f, true);

  public RateLimitedLogs(Logger log) {
    this(log, TimeSource.SYSTEM);
  }

  /** By this clock. */
  public RateLimitedLogs(Logger log, TimeSource time) {
    this.log = log;
    this.time = time;
    others = new RateLimitedLog(log, time);
  }

  /** It has happened again because of {@code whom}. */
  public void warn(String whom, String text) {
    of(whom).warn(text);
  }

  /** The same of what somebody has to do something about. */
  public void error(String whom, String text) {
    of(whom).error(text);
  }

  private RateLimitedLog of(String whom) {
    RateLimitedLog known = own.get(whom);
    if (known != null) {
      return known;
    }
    if (own.size() >= MOST) {
      Iterator<RateLimitedLog> all = own.values().iterator();
      RateLimitedLog eldest = all.next();
      if (eldest.isQuiet()) {
        all.remove();
        eldest.close();
      }
    }
    return own.size() < MOST
        ? own.computeIfAbsent(whom, fresh -> new RateLimitedLog(log, time))
        : others;
  }
}
