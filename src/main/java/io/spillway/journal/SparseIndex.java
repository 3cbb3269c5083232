package io.spillway.journal;

import java.util.Arrays;

/**
 * A sparse index of one plain segment: where in the file some records begin, about one every 64
 * KiB. It lives in memory only, is written by one thread and read by any.
 */
final class SparseIndex {
  static final int SPACING_BYTES = 64 << 10;

  /** A record's place. */
  record Mark(long offset, long position) {}

  private long[] offsets = new long[8];
  private long[] positions = new long[8];
  private int size;

  /** The record at {@code offset} begins at {@code position}; ignored if too near the last one. */
  synchronized void add(long offset, long position) {
    if (size > 0 && position - positions[size - 1] < SPACING_BYTES) {
      return;
    }
    if (size == offsets.length) {
      offsets = Arrays.copyOf(offsets, size * 2);
      positions = Arrays.copyOf(positions, size * 2);
    }
    offsets[size] = offset;
    positions[size] = position;
    size++;
  }

  /** The last known place at or before {@code offset}, or {@code otherwise}. */
  synchronized Mark before(long offset, Mark otherwise) {
    int found = Arrays.binarySearch(offsets, 0, size, offset);
    int index = found >= 0 ? found : -found - 2;
    return index < 0 ? otherwise : new Mark(offsets[index], positions[index]);
  }
}
