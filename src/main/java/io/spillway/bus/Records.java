package io.spillway.bus;

import io.spillway.message.Lines;

/**
 * Neighbouring records of the store's journal.
 *
 * @param journal as in {@link StoredBatch}
 * @param first offset of the first line, or of the next to come if there is none; above the one
 *     asked for if that is no longer held
 * @param lines none when nothing is stored there yet
 * @param oldest the lowest offset still held
 * @param end the offset the next record to be stored gets
 */
public record Records(String journal, long first, Lines lines, long oldest, long end) {
  /** The offset just behind the last line. */
  public long next() {
    return first + lines.count();
  }
}
