package io.spillway.journal;

import java.nio.file.Path;

/**
 * A segment as it is at one moment.
 *
 * @param file where it is
 * @param first offset of its first record; names it for ever
 * @param next the offset behind its last record
 * @param bytes its length on the disk; of the active one, what is committed
 * @param sparseIndex places in it, of no use once it is compressed
 */
record Segment(Path file, long first, long next, long bytes, SparseIndex sparseIndex) {
  boolean isGzip() {
    return Layout.isGzip(file);
  }

  /**
   * Bytes of its records from {@code offset} on, without the header; up to {@value
   * SparseIndex#SPACING_BYTES} too many, as the index is sparse. Not of a compressed one.
   */
  long bytesFrom(long offset) {
    SparseIndex.Mark unknown = new SparseIndex.Mark(first, 0);
    return offset >= next
        ? 0
        : bytes - sparseIndex.before(Math.max(offset, first), unknown).position();
  }

  /** Bytes of all its records, likewise. */
  long recordBytes() {
    return bytesFrom(first);
  }

  Segment grown(long newNext, long newBytes) {
    return new Segment(file, first, newNext, newBytes, sparseIndex);
  }

  Segment at(Path newFile, long newBytes) {
    return new Segment(newFile, first, next, newBytes, sparseIndex);
  }
}
