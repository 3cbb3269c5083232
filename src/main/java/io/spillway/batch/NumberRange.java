package io.spillway.batch;

/** Sequence numbers from {@code first} to in front of {@code next}; none if that is not above. */
record NumberRange(long first, long next) {
  NumberRange within(long from, long to) {
    return new NumberRange(Math.max(first, from), Math.min(next, to));
  }

  boolean isEmpty() {
    return first >= next;
  }

  /** How many there are. */
  long count() {
    return Math.max(0, next - first);
  }
}
