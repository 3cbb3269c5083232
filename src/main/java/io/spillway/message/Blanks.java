package io.spillway.message;

/** What of a text in UTF-8 says nothing: blanks, line ends and byte order marks. */
public final class Blanks {
  private Blanks() {}

  /**
   * Behind a byte order mark, which some put in front of UTF-8 (RFC 8259 section 8.1), or several,
   * as where files were put together.
   */
  static int skipMark(byte[] bytes, int from, int to) {
    int at = from;
    while (to - at >= 3
        && bytes[at] == (byte) 0xef
        && bytes[at + 1] == (byte) 0xbb
        && bytes[at + 2] == (byte) 0xbf) {
      at += 3;
    }
    return at;
  }

  /** Where a text begins: behind blanks and byte order marks. */
  static int begin(byte[] bytes, int from, int to) {
    int at = from;
    int before;
    do {
      before = at;
      at = skipMark(bytes, skipBlank(bytes, at, to), to);
    } while (at > before);
    return at;
  }

  /** Whether there is nothing in {@code bytes[from, to)}: blanks and byte order marks at most. */
  public static boolean isBlank(byte[] bytes, int from, int to) {
    return begin(bytes, from, to) == to;
  }

  /** Where the line that {@code from} is in ends: at its line feed, or at {@code to}. */
  static int lineEnd(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  static int skipBlank(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to
        && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\n' || bytes[at] == '\r')) {
      at++;
    }
    return at;
  }
}
