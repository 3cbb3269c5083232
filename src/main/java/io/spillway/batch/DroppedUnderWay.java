package io.spillway.batch;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What was dropped since the start and may be at the server all the same: it was under way then,
 * perhaps, and nothing has said since up to where the server has everything.
 */
final class DroppedUnderWay {
  private static final int RANGES_MAX = 1_000;

  /** In order. */
  private final Deque<NumberRange> ranges = new ArrayDeque<>();

  /** These were; of more ranges than are kept, the oldest stay dropped. */
  void dropped(NumberRange more) {
    NumberRange last = ranges.peekLast();
    if (more.isEmpty()) {
      return;
    }
    if (last != null && last.next() == more.first()) {
      ranges.removeLast();
      ranges.addLast(new NumberRange(last.first(), more.next()));
    } else {
      ranges.addLast(more);
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
    while (!ranges.isEmpty() && ranges.getFirst().first() < decided) {
      NumberRange range = ranges.removeFirst();
      count += range.within(range.first(), stored).count();
      if (range.next() > decided) {
        ranges.addFirst(new NumberRange(decided, range.next()));
      }
    }
    return count;
  }
}
