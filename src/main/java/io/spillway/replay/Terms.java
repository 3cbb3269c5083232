package io.spillway.replay;

/**
 * What a target takes.
 *
 * @param window how many messages may be unacknowledged
 * @param lines most lines in a message
 * @param lineBytesMax most bytes of a line, its end included
 * @param skips whether it can be told that numbers do not come
 */
record Terms(int window, int lines, int lineBytesMax, boolean skips) {
  /** Of lines together, if none of them has more by itself. */
  static final int BYTES = 128 << 10;

  /** At most so many lines at once. */
  Terms atMost(int other) {
    return new Terms(window, Math.min(lines, other), lineBytesMax, skips);
  }
}
