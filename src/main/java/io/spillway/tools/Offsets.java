package io.spillway.tools;

import java.util.ArrayList;
import java.util.List;

/** Which offsets a journal has, as its segments are walked in order. */
final class Offsets {
  private final List<Sequence.Range> holes = new ArrayList<>();
  private long begun = 1;
  private long kept = 1;
  private long next;

  /** A segment begins with this one; returns whether there is a hole in front of it. */
  boolean begins(long offset) {
    boolean hole = next > 0 && offset > next;
    if (next == 0) {
      begun = offset;
      kept = offset;
    } else if (hole) {
      holes.addAll(Numbers.between(next, offset).ranges());
    }
    next = offset;
    return hole;
  }

  /** Retention has taken out what is in front of this segment, if not deleted all of it. */
  void takenOut() {
    kept = next;
  }

  void line() {
    next++;
  }

  /** That of the next line; 0 before the first segment. */
  long next() {
    return next;
  }

  /** The lowest that retention has not taken out. */
  long kept() {
    return kept;
  }

  /** What lies in front of the first segment. */
  Numbers head() {
    return Numbers.between(1, begun);
  }

  /** What lies between two segments, and is in none. */
  Numbers holes() {
    return Numbers.of(holes);
  }

  /** What is there. */
  Numbers held() {
    return Numbers.between(begun, next).minus(holes());
  }
}
