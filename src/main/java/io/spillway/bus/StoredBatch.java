package io.spillway.bus;

import io.spillway.message.Lines;

/**
 * Records that a store has on its disk.
 *
 * @param journal which journal: offsets of one mean nothing in another
 * @param first offset of the first line
 */
public record StoredBatch(String journal, long first, Lines lines) {
  /** The offset just behind the last line. */
  public long next() {
    return first + lines.count();
  }

  void encode(WireWriter out) {
    out.text(journal).number(first).lines(lines);
  }

  static StoredBatch decode(WireReader in) {
    return new StoredBatch(in.text(), in.number(), in.lines());
  }
}
