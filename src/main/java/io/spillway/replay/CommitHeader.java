package io.spillway.replay;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * The header lines of a spool, which stand between its records and are none.
 *
 * <pre>
 *   ["chunk",1042,100,30211,"9c1185a5","bWVtbw=="]   100 records follow, from 1042 on
 *   ["segment",1042,0,0,"54f3e1a0",""]
 * </pre>
 */
final class CommitHeader {
  private static final byte[] CHUNK = "[\"chunk\",".getBytes(US_ASCII);
  private static final byte[] SEGMENT = "[\"segment\",".getBytes(US_ASCII);
  private static final int DIGITS_MAX = 18;

  private CommitHeader() {}

  /** Whether {@code line[from, to)} is one: no record begins so. */
  static boolean isOne(byte[] line, int from, int to) {
    return behind(line, from, to) > 0;
  }

  /** The number of the record that follows one; 0 if it does not say. */
  static long first(byte[] line, int from, int to) {
    long number = 0;
    int at = behind(line, from, to);
    int end = Math.min(to, at + DIGITS_MAX);
    while (at > 0 && at < end && line[at] >= '0' && line[at] <= '9') {
      number = 10 * number + line[at++] - '0';
    }
    return number;
  }

  /** Where its first number stands; 0 if it is none. */
  private static int behind(byte[] line, int from, int to) {
    if (to - from < CHUNK.length || line[from] != '[') {
      return 0;
    }
    return begins(line, from, to, CHUNK) + begins(line, from, to, SEGMENT);
  }

  private static int begins(byte[] line, int from, int to, byte[] with) {
    if (to - from < with.length) {
      return 0;
    }
    for (int i = 0; i < with.length; i++) {
      if (line[from + i] != with[i]) {
        return 0;
      }
    }
    return from + with.length;
  }
}
