package io.spillway.retry;

import io.spillway.bus.Fault;
import io.spillway.journal.JournalFailure;
import org.slf4j.Logger;

/**
 * Whether a journal stores what it is given: by what became of that and, while nothing comes, by
 * the looks that the journal takes at its file. Logged at transitions.
 */
public final class DiskOutage {
  private final OutageLog log;

  /** The last look said so; a later one may say otherwise. */
  private boolean seen;

  /**
   * @param subject as for {@link OutageLog}
   */
  public DiskOutage(Logger log, String subject) {
    this.log = new OutageLog(log, subject);
  }

  /** Something was stored. */
  public void stored() {
    seen = false;
    log.up();
  }

  /** Something was not. */
  public void failed(Throwable why) {
    seen = false;
    log.down(Fault.disk(why));
  }

  /**
   * Nothing was tried, perhaps.
   *
   * @param gone what {@link io.spillway.journal.Journal#gone} says; null if nothing
   */
  public void look(JournalFailure gone) {
    if (gone != null) {
      seen = true;
      log.down(Fault.disk(gone));
    } else if (seen) {
      stored();
    }
  }

  /** What is wrong; {@link Fault#NONE} if nothing is. */
  public Fault fault() {
    return log.fault();
  }
}
