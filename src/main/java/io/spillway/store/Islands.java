package io.spillway.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sequence numbers above a mark that are stored already, as ranges. What lies between the mark and
 * them was lost to damage, or never had a record; where the edge still holds it, it comes again,
 * and they do not.
 *
 * <p>Bounded: beyond {@value #MOST} ranges nothing is noted any more, so that what the edge still
 * holds of it is stored a second time.
 */
final class Islands {
  static final int MOST = 1_000;

  private final TreeMap<Long, Long> nextByFirst = new TreeMap<>();
  private long last; // believed last
  private long doubtful; // found last, and not believed yet; 0 if none is

  /** As {@link #toList} told them; fails with {@link IllegalArgumentException} if they are none. */
  static Islands of(List<Long> bounds) {
    Islands islands = new Islands();
    long before = 0;
    if (bounds.size() % 2 != 0 || bounds.size() > 2 * MOST) {
      throw new IllegalArgumentException("not ranges: " + bounds.size() + " numbers");
    }
    for (int i = 0; i < bounds.size(); i += 2) {
      long first = bounds.get(i);
      long next = bounds.get(i + 1);
      if (first <= before || next <= first) {
        throw new IllegalArgumentException("not a range above the last: " + first);
      }
      islands.nextByFirst.put(first, next);
      before = next;
    }
    return islands;
  }

  /** First and behind the last of each range, in order. */
  List<Long> toList() {
    List<Long> bounds = new ArrayList<>(2 * nextByFirst.size());
    nextByFirst.forEach(
        (first, next) -> {
          bounds.add(first);
          bounds.add(next);
        });
    return bounds;
  }

  /**
   * The journal has this number, behind those that were found before. A journal has no checksums,
   * and damage to a digit must not make a number look stored that is not: one that does not follow
   * the last counts only if it stands between a lower one and a higher one.
   *
   * @param mark below it all is stored
   */
  void found(long seq, long mark) {
    if (doubtful > 0 && seq > doubtful) {
      believe(doubtful, mark);
    }
    doubtful = 0;
    last = Math.max(last, mark - 1);
    if (seq == mark || seq == last + 1) {
      believe(seq, mark);
    } else if (seq > last) {
      doubtful = seq;
    }
  }

  private void believe(long seq, long mark) {
    last = seq;
    if (seq > mark) {
      add(seq);
    }
  }

  /** One more number is stored. */
  void add(long seq) {
    Map.Entry<Long, Long> below = nextByFirst.floorEntry(seq);
    if (below != null && seq < below.getValue()) {
      return;
    }
    Long above = nextByFirst.remove(seq + 1);
    long next = above == null ? seq + 1 : above;
    if (below != null && below.getValue() == seq) {
      nextByFirst.put(below.getKey(), next);
    } else if (nextByFirst.size() < MOST) {
      nextByFirst.put(seq, next);
    }
  }

  /** Takes out what {@code mark} has come to, and returns how far it comes by that. */
  long reached(long mark) {
    long reached = mark;
    while (!nextByFirst.isEmpty() && nextByFirst.firstKey() <= reached) {
      reached = Math.max(reached, nextByFirst.pollFirstEntry().getValue());
    }
    return reached;
  }

  /** Where the lowest begins; {@link Long#MAX_VALUE} if there is none. */
  long first() {
    return nextByFirst.isEmpty() ? Long.MAX_VALUE : nextByFirst.firstKey();
  }

  /** Where the highest ends; 0 if there is none. */
  long end() {
    return nextByFirst.isEmpty() ? 0 : nextByFirst.lastEntry().getValue();
  }

  boolean isEmpty() {
    return nextByFirst.isEmpty();
  }
}
