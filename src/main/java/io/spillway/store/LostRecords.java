package io.spillway.store;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was acknowledged to edges, and is not here: they say up to where a server has acknowledged,
 * and no mark ever goes back. So the data are of an earlier time, restored from a backup perhaps,
 * or another server has the newer ones. It is told in the log, and in the store's state until the
 * next start.
 */
final class LostRecords {
  private static final Logger log = LoggerFactory.getLogger(LostRecords.class);
  private static final int WORDS_OF = 3;
  private static final String CURE =
      "these data are of an earlier time, or another server had them; put the newer data back, or"
          + " fetch the records from where else they went. Told until the next start";

  private final List<String> first = new ArrayList<>(WORDS_OF);
  private int edges;
  private long records;

  /**
   * They are missing.
   *
   * @param series edge and epoch
   * @param from the first number, {@code next} behind the last
   */
  void add(String series, long from, long next) {
    String words = "%s: %d to %d".formatted(series, from, next - 1);
    log.error("[store] {} were acknowledged to it and are not here: {}", words, CURE);
    edges++;
    records += next - from;
    if (first.size() < WORDS_OF) {
      first.add(words);
    }
  }

  /** How many records. */
  long records() {
    return records;
  }

  /** That some are; {@link Fault#NONE} if none are known to be. */
  Fault fault() {
    if (edges == 0) {
      return Fault.NONE;
    }
    String more = edges > WORDS_OF ? ", and of " + (edges - WORDS_OF) + " more: see the log" : "";
    return new Fault(
        FaultKind.LOST,
        "acknowledged, and not here: %s%s; %s".formatted(String.join(", ", first), more, CURE));
  }
}
