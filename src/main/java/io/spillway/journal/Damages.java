package io.spillway.journal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of a directory was found damaged when it was opened. Each is told once in the log; who owns
 * the directory goes on telling it in its state, as {@link #words}. Any thread may add and ask.
 */
public final class Damages {
  private static final Logger log = LoggerFactory.getLogger(Damages.class);
  private static final int WORDS_OF = 3;

  private final List<String> first = new ArrayList<>(WORDS_OF);
  private int count;

  /**
   * A file is damaged.
   *
   * @param reason what is wrong with it
   * @param kept where it, or what is unreadable of it, is now; null if there is nothing to keep
   * @param consequence what is done without it, and what is lost
   */
  public synchronized void add(Path file, String reason, Path kept, String consequence) {
    String where = kept == null ? "" : ", kept as " + kept;
    String line = file + ": " + reason + where + "; " + consequence;
    log.warn("damaged: {}", line);
    if (first.size() < WORDS_OF) {
      first.add(line);
    }
    count++;
  }

  /** How many there are. */
  public synchronized int count() {
    return count;
  }

  /** The first of them, for people; empty if there are none. */
  public synchronized String words() {
    String words = String.join(" | ", first);
    return count > WORDS_OF ? words + " | and " + (count - WORDS_OF) + " more: see the log" : words;
  }
}
