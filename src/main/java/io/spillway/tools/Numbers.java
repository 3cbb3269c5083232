package io.spillway.tools;

import io.spillway.tools.Sequence.Range;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * A set of sequence numbers.
 *
 * @param ranges in order, with at least one number between each two
 */
record Numbers(List<Range> ranges) {
  static final Numbers NONE = new Numbers(List.of());

  Numbers {
    ranges = List.copyOf(ranges);
  }

  /** From {@code first} to in front of {@code next}. */
  static Numbers between(long first, long next) {
    return first < next ? new Numbers(List.of(new Range(first, next - 1))) : NONE;
  }

  /** All that is in any of these, which may overlap, in any order. */
  static Numbers of(Collection<Range> any) {
    List<Range> sorted = any.stream().sorted(Comparator.comparingLong(Range::first)).toList();
    List<Range> joined = new ArrayList<>();
    for (Range range : sorted) {
      Range last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (last != null && range.first() <= last.last() + 1) {
        long end = Math.max(last.last(), range.last());
        joined.set(joined.size() - 1, new Range(last.first(), end));
      } else {
        joined.add(range);
      }
    }
    return new Numbers(joined);
  }

  Numbers plus(Numbers other) {
    List<Range> both = new ArrayList<>(ranges);
    both.addAll(other.ranges);
    return of(both);
  }

  Numbers minus(Numbers other) {
    List<Range> rest = new ArrayList<>();
    int at = 0;
    for (Range range : ranges) {
      long first = range.first();
      while (at < other.ranges.size() && other.ranges.get(at).last() < first) {
        at++;
      }
      for (int i = at;
          i < other.ranges.size() && other.ranges.get(i).first() <= range.last();
          i++) {
        Range hole = other.ranges.get(i);
        if (hole.first() > first) {
          rest.add(new Range(first, hole.first() - 1));
        }
        first = hole.last() + 1;
      }
      if (first <= range.last()) {
        rest.add(new Range(first, range.last()));
      }
    }
    return new Numbers(rest);
  }

  /** What is in both. */
  Numbers and(Numbers other) {
    return minus(minus(other));
  }

  Numbers below(long next) {
    return minus(between(next, Long.MAX_VALUE));
  }

  Numbers from(long first) {
    return minus(between(Long.MIN_VALUE, first));
  }

  long count() {
    return ranges.stream().mapToLong(Range::count).sum();
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** The lowest; {@code otherwise} if there is none. */
  long first(long otherwise) {
    return isEmpty() ? otherwise : ranges.get(0).first();
  }

  /** Behind the highest; 1 if there is none. */
  long end() {
    return isEmpty() ? 1 : ranges.get(ranges.size() - 1).last() + 1;
  }

  /** The lowest few, as {@code 3, 7-9, …}. */
  String few(int most) {
    List<String> few = ranges.stream().limit(most).map(Range::toString).toList();
    return String.join(", ", few) + (ranges.size() > most ? ", …" : "");
  }
}
