package io.spillway.journal;

import io.spillway.message.Lines;

/**
 * Neighbouring records of a journal.
 *
 * @param first offset of the first line; above the position asked for if what was there is no
 *     longer held
 * @param lines the records; none when nothing is committed beyond the position
 */
public record Slice(long first, Lines lines) {
  /** Nothing there yet: {@code position} is the next offset to come. */
  static Slice none(long position) {
    return new Slice(position, Lines.NONE);
  }

  public boolean isEmpty() {
    return lines.isEmpty();
  }

  /** The offset just behind the last line. */
  public long next() {
    return first + lines.count();
  }
}
