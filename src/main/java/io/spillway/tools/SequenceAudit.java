package io.spillway.tools;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Everything a check has counted and found. */
final class SequenceAudit {
  private static final int TORN_SHOWN = 10;

  final Map<String, Sequence> sequences = new HashMap<>();
  final List<String> tornLines = new ArrayList<>();
  final List<String> problems = new ArrayList<>();
  final List<String> notes = new ArrayList<>();
  int files;
  long bytes;
  long records;
  long withoutId;
  long foreignId;
  long unchecked;
  long torn;

  private final Sequence.Budget budget;
  private String lastSeries;
  private Sequence last;

  /**
   * @param rangesMax ranges to keep over all edges; about 100 bytes each
   */
  SequenceAudit(int rangesMax) {
    budget = new Sequence.Budget(rangesMax);
  }

  /** One line: a record of an edge, or of a plain client, in which there is nothing to check. */
  void record(RecordLine record) {
    if (record.seq() > 0) {
      record(record.series(), record.seq());
    } else {
      records++;
      withoutId += record.hasId() ? 0 : 1;
      foreignId += record.hasId() ? 1 : 0;
    }
  }

  void record(String series, long seq) {
    records++;
    if (!series.equals(lastSeries)) {
      last = sequences.get(series);
      lastSeries = series;
    }
    if (last != null) {
      last.add(seq);
    } else if (budget.take()) {
      last = new Sequence(seq, budget);
      sequences.put(series, last);
    } else {
      unchecked++;
    }
  }

  /** What {@code rejected.ndjson} has of an edge and epoch: no gap is there. */
  void setAside(String series, EpochBook rejected) {
    Numbers numbers = rejected.evidence(Head.HELD).setAside();
    numbers.ranges().forEach(range -> sequences.get(series).setAside(range));
    if (!numbers.isEmpty()) {
      notes.add(series + ": set aside " + numbers.few(5) + ": " + rejected.reasonsInWords());
    }
  }

  void torn(Path file, long line, String why) {
    torn++;
    if (tornLines.size() < TORN_SHOWN) {
      tornLines.add(file + ":" + line + ": " + why);
    }
  }

  /** Something about a file that is a fault. */
  void problem(Path file, String what) {
    problems.add(file + ": " + what);
  }

  /** Something about a file that is worth a line, but no fault. */
  void note(Path file, String what) {
    notes.add(file + ": " + what);
  }

  boolean isClean() {
    return torn == 0
        && unchecked == 0
        && problems.isEmpty()
        && sequences.values().stream().noneMatch(Sequence::isFaulty);
  }
}
