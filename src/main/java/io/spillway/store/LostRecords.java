package io.spillway.store;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.retry.RateLimitedLogs;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was acknowledged to edges, and is not here: they say up to where a server has acknowledged,
 * and a mark goes back only with the file that holds it. So the data are of an earlier time,
 * restored from a backup perhaps, or another server has the newer ones; or {@code marks.json} is
 * lost, or has forgotten the edge for too many others, and retention has deleted its records since.
 * It is told in the log, not too often of each edge, and in the store's state until the next start.
 */
final class LostRecords {
  private static final Logger log = LoggerFactory.getLogger(LostRecords.class);
  private static final int WORDS_OF = 3;

  /** As many as all readers of JSON count: an edge may say what it likes. */
  static final long MOST = (1L << 53) - 1;

  private static final String CURE =
      "these data are of an earlier time, or another server had them, or marks.json was lost and"
          + " retention has deleted them; put the newer data back, or fetch the records from where"
          + " else they went. Told until the next start";

  private final List<String> first = new ArrayList<>(WORDS_OF);
  private final RateLimitedLogs told = new RateLimitedLogs(log);
  private int losses;
  private long records;

  /**
   * They are missing.
   *
   * @param from the first number, {@code next} behind the last that is known to be
   * @param held the edge holds nothing below: what is in between may be missing as well
   */
  void add(String edge, String epoch, long from, long next, long held) {
    String more = held > next ? " at least, and perhaps to " + (held - 1) : "";
    String words = "%s.%s: %d to %d%s".formatted(edge, epoch, from, next - 1, more);
    told.error(
        edge, "[store] %s were acknowledged to it and are not here: %s".formatted(words, CURE));
    losses++;
    records = Math.min(MOST, records + Math.min(MOST, next - from));
    if (first.size() < WORDS_OF) {
      first.add(words);
    }
  }

  /** How many records; {@link #MOST} at most. */
  long records() {
    return records;
  }

  /** That some are; {@link Fault#NONE} if none are known to be. */
  Fault fault() {
    if (losses == 0) {
      return Fault.NONE;
    }
    String more =
        losses > WORDS_OF ? ", and " + (losses - WORDS_OF) + " times more: see the log" : "";
    return new Fault(
        FaultKind.LOST,
        "acknowledged, and not here: %s%s; %s".formatted(String.join(", ", first), more, CURE));
  }
}
