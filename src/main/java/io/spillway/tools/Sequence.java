package io.spillway.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The seqs of one edge and epoch as they come by: which are there, which twice, which late.
 *
 * <p>Kept as ranges, so a sequence without gaps costs one. When the budget is spent the oldest
 * range is settled: its gap is final, and a record from below {@link #floor} can no longer be told
 * to be late or a duplicate. It is then counted as unplaced.
 *
 * <pre>
 *        settled          older         newest
 *  ..1──9  13────40 | 45──70   72──90   93────────▶
 *                   floor
 * </pre>
 */
final class Sequence {
  /** Sequence numbers {@code first} to {@code last}, both included. */
  record Range(long first, long last) {
    long count() {
      return last - first + 1;
    }

    boolean contains(long seq) {
      return first <= seq && seq <= last;
    }

    @Override
    public String toString() {
      return first == last ? Long.toString(first) : first + "-" + last;
    }
  }

  /** How many ranges all sequences together may keep: what bounds the memory of a check. */
  static final class Budget {
    private int left;

    Budget(int max) {
      left = max;
    }

    /** False means that none is left. */
    boolean take() {
      if (left == 0) {
        return false;
      }
      left--;
      return true;
    }

    void giveBack() {
      left++;
    }
  }

  private static final int GAPS_SHOWN = 5;

  private final Budget budget;
  private final TreeMap<Long, Range> older = new TreeMap<>();
  private final List<Range> settledGaps = new ArrayList<>();
  private long settledGapCount;
  private long settledMissing;
  private long floor = Long.MIN_VALUE;

  private long newestFirst;
  private long newestLast;
  private long first;
  private long records = 1;
  private long duplicates;
  private long outOfOrder;
  private long unplaced;

  /** Begins with its first record; the caller has taken one range from the budget for it. */
  Sequence(long seq, Budget budget) {
    this.budget = budget;
    newestFirst = seq;
    newestLast = seq;
    first = seq;
  }

  void add(long seq) {
    records++;
    if (seq == newestLast + 1) {
      newestLast = seq;
    } else if (seq > newestLast) {
      leap(seq);
    } else if (seq >= newestFirst) {
      duplicates++;
    } else {
      addBelowNewest(seq);
    }
    first = Math.min(first, seq);
  }

  /** These are accounted for elsewhere, and are in no gap. */
  void setAside(Range range) {
    long from = Math.max(range.first(), Math.max(first, certainFrom()));
    for (long seq = from; seq <= Math.min(range.last(), newestFirst - 1); seq++) {
      Map.Entry<Long, Range> below = older.floorEntry(seq);
      if (below == null || !below.getValue().contains(seq)) {
        insert(seq, below == null ? null : below.getValue());
      }
    }
  }

  private void leap(long seq) {
    older.put(newestFirst, new Range(newestFirst, newestLast));
    newestFirst = seq;
    newestLast = seq;
    payForOneMore();
  }

  private void addBelowNewest(long seq) {
    Map.Entry<Long, Range> below = older.floorEntry(seq);
    if (seq < floor) {
      unplaced++;
    } else if (below != null && below.getValue().contains(seq)) {
      duplicates++;
    } else {
      outOfOrder++;
      insert(seq, below == null ? null : below.getValue());
    }
  }

  // Fills a gap: alone, or joined to the range below, above, or both.
  private void insert(long seq, Range below) {
    long from = seq;
    if (below != null && below.last() == seq - 1) {
      from = below.first();
      forget(below.first());
    }
    if (newestFirst == seq + 1) {
      newestFirst = from;
      return;
    }
    Range above = older.get(seq + 1);
    long to = seq;
    if (above != null) {
      to = above.last();
      forget(above.first());
    }
    older.put(from, new Range(from, to));
    payForOneMore();
  }

  private void forget(long rangeFirst) {
    older.remove(rangeFirst);
    budget.giveBack();
  }

  private void payForOneMore() {
    if (budget.take()) {
      return;
    }
    Range oldest = older.pollFirstEntry().getValue();
    floor = older.isEmpty() ? newestFirst : older.firstKey();
    Range gap = new Range(oldest.last() + 1, floor - 1);
    settledGapCount++;
    settledMissing += gap.count();
    if (settledGaps.size() < GAPS_SHOWN) {
      settledGaps.add(gap);
    }
  }

  long first() {
    return first;
  }

  long last() {
    return newestLast;
  }

  /** Lines, duplicates included. */
  long records() {
    return records;
  }

  long duplicates() {
    return duplicates;
  }

  /** Records that came after a higher seq, and were not there yet. */
  long outOfOrder() {
    return outOfOrder;
  }

  /** Late or duplicate, which could no longer be told; they may also fill gaps reported here. */
  long unplaced() {
    return unplaced;
  }

  long gaps() {
    return settledGapCount + older.size();
  }

  /** How many seqs the gaps hold. */
  long missing() {
    long missing = settledMissing;
    long end = newestFirst;
    for (Range range : older.descendingMap().values()) {
      missing += end - range.last() - 1;
      end = range.first();
    }
    return missing;
  }

  /** Which are there, in order, from {@link #certainFrom} on. */
  List<Range> ranges() {
    List<Range> ranges = new ArrayList<>(older.values());
    ranges.add(new Range(newestFirst, newestLast));
    return ranges;
  }

  /** Below it the gaps are counted, and not known any more; 1 if all are known. */
  long certainFrom() {
    return Math.max(1, floor);
  }

  /** The lowest few gaps. */
  List<Range> firstGaps() {
    List<Range> gaps = new ArrayList<>(settledGaps);
    for (Range range : older.values()) {
      if (gaps.size() == GAPS_SHOWN) {
        break;
      }
      Long next = older.higherKey(range.first());
      gaps.add(new Range(range.last() + 1, (next == null ? newestFirst : next) - 1));
    }
    return gaps;
  }

  boolean isFaulty() {
    return gaps() + duplicates + outOfOrder + unplaced > 0;
  }
}
