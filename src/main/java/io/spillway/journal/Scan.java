package io.spillway.journal;

import java.util.ArrayList;
import java.util.List;

/**
 * What a segment file was found to contain: readable spans, unreadable ones between them, and
 * perhaps a torn end. Filled by {@link PlainScan} or {@link FramedScan}.
 */
final class Scan {
  /**
   * Neighbouring bytes {@code [from, to)} of a file.
   *
   * @param first offset of the first record in it
   * @param next offset behind the last
   */
  record Span(long from, long to, long first, long next) {
    long bytes() {
      return to - from;
    }
  }

  private final List<Span> good = new ArrayList<>();
  private final List<Span> bad = new ArrayList<>();
  private final SparseIndex sparseIndex = new SparseIndex();
  private final long size;
  private long torn;
  private long next;
  private long endOfGood;
  private long records;

  Scan(long first, long size) {
    this.next = first;
    this.endOfGood = first;
    this.size = size;
    this.torn = size;
  }

  /** Readable bytes. What is unreadable before them had no more numbers than there are between. */
  void good(long from, long to, long first, int count) {
    if (first < next) {
      Span bad = this.bad.remove(this.bad.size() - 1);
      this.bad.add(new Span(bad.from(), bad.to(), Math.min(bad.first(), first), first));
    }
    sparseIndex.add(first, from);
    records += count;
    extend(good, new Span(from, to, first, first + count));
    next = first + count;
    endOfGood = next;
  }

  /** Whether a record of this offset may come next, whatever damage before it pretends. */
  boolean mayFollow(long first) {
    return first >= endOfGood;
  }

  /** Bytes in which there were {@code lost} records; they keep their offsets. */
  void bad(long from, long to, long lost) {
    extend(bad, new Span(from, to, next, next + lost));
    next += lost;
  }

  /** From here on the file was never finished. */
  void tornFrom(long position) {
    torn = position;
  }

  List<Span> good() {
    return good;
  }

  List<Span> bad() {
    return bad;
  }

  SparseIndex sparseIndex() {
    return sparseIndex;
  }

  long size() {
    return size;
  }

  long torn() {
    return torn;
  }

  /** The lowest offset that no record of this file has, or had. */
  long next() {
    return next;
  }

  /** Behind the last readable record. */
  long endOfGood() {
    return endOfGood;
  }

  /** Readable records. */
  long records() {
    return records;
  }

  private static void extend(List<Span> spans, Span span) {
    Span last = spans.isEmpty() ? null : spans.get(spans.size() - 1);
    if (last != null && last.to() == span.from() && last.next() == span.first()) {
      spans.set(spans.size() - 1, new Span(last.from(), span.to(), last.first(), span.next()));
    } else {
      spans.add(span);
    }
  }
}
