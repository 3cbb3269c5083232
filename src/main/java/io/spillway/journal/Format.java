package io.spillway.journal;

/** What a segment file contains. */
public enum Format {
  /** Records and nothing else, one a line: what other programs can read without knowing us. */
  PLAIN,

  /**
   * Before each append one header line, a JSON array, with offset, count, length, CRC-32C and memo:
   * an append is recovered whole or not at all, and damage is found wherever it is.
   */
  FRAMED
}
