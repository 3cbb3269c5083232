package io.spillway.tools;

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
