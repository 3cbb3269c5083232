package io.spillway.retry;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.time.TimeSource;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;

/**
 * Logs that something stopped working, once for each reason, and that it works again and after how
 * long. Whoever retries tells it of every outcome and does not log.
 */
public final class OutageLog {
  private final Logger log;
  private final String subject;
  private final TimeSource time;
  private Fault fault = Fault.NONE;
  private long sinceMs;

  /**
   * @param subject what works or does not, for the beginning of the line, for example {@code
   *     "[uplink]"}
   */
  public OutageLog(Logger log, String subject) {
    this(log, subject, TimeSource.SYSTEM);
  }

  /**
   * As above.
   *
   * @param time tells how long it did not work
   */
  public OutageLog(Logger log, String subject, TimeSource time) {
    this.log = log;
    this.subject = subject;
    this.time = time;
  }

  /** It does not work. Logs if it did before, or if the reason is another one. */
  public void down(Fault why) {
    if (fault.isEmpty()) {
      sinceMs = time.monotonicMs();
    }
    boolean other = !why.words().equals(fault.words());
    fault = why;
    if (other) {
      log.warn("{} {}", subject, why.words());
    }
  }

  /** The same for a fault of which no role tells. */
  public void down(String why) {
    down(new Fault(FaultKind.OTHER, why));
  }

  /** It works. Logs if it did not before. */
  public void up() {
    if (!fault.isEmpty()) {
      fault = Fault.NONE;
      log.info("{} works again after {}", subject, spell(time.monotonicMs() - sinceMs));
    }
  }

  /** Why it does not work; {@link Fault#NONE} while it does. */
  public Fault fault() {
    return fault;
  }

  /** The same in words, or null while it works. */
  public String reason() {
    return fault.isEmpty() ? null : fault.words();
  }

  private static String spell(long ms) {
    return ms < 1_000
        ? ms + " ms"
        : Duration.ofSeconds(ms / 1_000).toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
