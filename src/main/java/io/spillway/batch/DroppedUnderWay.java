package io.spillway.batch;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What was dropped since the start and may be at the server all the same: it was under way then,
 * perhaps, and nothing has said since up to where the server has everything.
 */
final class DroppedUnderWay {
  private static final int RANGES_MAX = 1_000;

  /** First and behind the last, in order. */
  private record Range(long first, long next) {
    long below(long limit) {
      return Math.max(0, Math.min(next, limit) - first);
    }
  }

  private final Deque<Range> ranges = new ArrayDeque<>();

  /** These were; of more ranges than are kept, the oldest stay dropped. */
  void dropped(long first, long next) {
    Range last = ranges.peekLast();
    if (first >= next) {
      return;
    }
    if (last != null && last.next == first) {
      ranges.removeLast();
      ranges.addLast(new Range(last.first, next));
    } else {
      ranges.addLast(new Range(first, next));
    }
    if (ranges.size() > RANGES_MAX) {
      ranges.removeFirst();
    }
  }

  /**
   * The server has all below {@code stored}, and of these none from there to in front of {@code
   * decided}.
   *
   * @return how many it has
   */
  long settle(long stored, long decided) {
    long count = 0;
    while (!ranges.isEmpty() && ranges.getFirst().first < decided) {
      Range range = ranges.removeFirst();
      count += range.below(stored);
      if (range.next > decided) {
        ranges.addFirst(new Range(decided, range.next));
      }
    }
    return count;
  }
}
