package io.spillway.store;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.Loss;
import io.spillway.retry.RateLimitedLogs;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
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
  private static final int EDGES_SHOWN = 10;

  /** As many as all readers of JSON count: an edge may say what it likes. */
  static final long MOST = (1L << 53) - 1;

  private static final String CURE =
      "these data are of an earlier time, or another server had them, or marks.json was lost and"
          + " retention has deleted them; put the newer data back, or fetch the records from where"
          + " else they went. Told until the next start";

  /** Of each edge the first loss, so that one that says many leaves room for the others. */
  private final Map<String, String> first = new LinkedHashMap<>();

  /** How often of those, beyond the first. */
  private final Map<String, Integer> more = new HashMap<>();

  private final RateLimitedLogs told = new RateLimitedLogs(log);
  private int ofOthers;
  private long records;

  /** They are missing. */
  void add(String edge, Loss loss) {
    String words = loss.words();
    told.error(
        edge, "[store] %s were acknowledged to it and are not here: %s".formatted(words, CURE));
    records = Math.min(MOST, records + Math.min(MOST, loss.least()));
    if (first.containsKey(edge)) {
      more.merge(edge, 1, Integer::sum);
    } else if (first.size() < EDGES_SHOWN) {
      first.put(edge, words);
    } else {
      ofOthers++;
    }
  }

  /** How many records; {@link #MOST} at most. */
  long records() {
    return records;
  }

  /** That some are; {@link Fault#NONE} if none are known to be. */
  Fault fault() {
    if (first.isEmpty()) {
      return Fault.NONE;
    }
    String others = ofOthers > 0 ? ", and " + ofOthers + " times of other edges: see the log" : "";
    String each = first.keySet().stream().map(this::words).collect(Collectors.joining(", "));
    return new Fault(
        FaultKind.LOST, "acknowledged, and not here: %s%s; %s".formatted(each, others, CURE));
  }

  private String words(String edge) {
    int times = more.getOrDefault(edge, 0);
    return first.get(edge) + (times > 0 ? " (and " + times + " times more: see the log)" : "");
  }
}
