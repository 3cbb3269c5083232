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

  Segment grown(long newNext, long newBytes) {
    return new Segment(file, first, newNext, newBytes, sparseIndex);
  }

  Segment at(Path newFile, long newBytes) {
    return new Segment(newFile, first, next, newBytes, sparseIndex);
  }
}
