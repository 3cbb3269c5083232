package io.spillway.message;

import java.nio.charset.StandardCharsets;

/** Writes what a {@link Payload} is made of as lines; what is no object as {@code {"value": …}}. */
abstract class LineWriter implements Payload.Visitor {
  static final byte[] VALUE = "{\"value\":".getBytes(StandardCharsets.US_ASCII);

  /** Most bytes that the records of one payload may have: {@code [1,1,…]} grows fiftyfold. */
  static final int EXPANDED_MAX = 8 << 20;

  final byte[] bytes;
  final Lines.Builder out;
  private final boolean lineBreaks;
  private final int atLength;

  /**
   * @param lineBreaks whether there are any, which have to go
   */
  LineWriter(byte[] bytes, boolean lineBreaks, Lines.Builder out) {
    this.bytes = bytes;
    this.lineBreaks = lineBreaks;
    this.out = out;
    this.atLength = out.length();
  }

  /** Ends a record; one payload cannot fill the memory with them. */
  final void endLine() throws RejectedPayload {
    out.endLine();
    if (out.length() - atLength > EXPANDED_MAX) {
      throw new RejectedPayload(
          RejectionKind.TOO_LARGE, "its records have more than %,d bytes".formatted(EXPANDED_MAX));
    }
  }

  /**
   * Copies bytes; a line break can only stand between tokens and goes, with the indent behind it.
   */
  final void copy(int from, int to) {
    if (!lineBreaks) {
      out.put(bytes, from, to);
      return;
    }
    int start = from;
    int at = from;
    while (at < to) {
      if (bytes[at] == '\n' || bytes[at] == '\r') {
        out.put(bytes, start, at);
        at = Payload.skipBlank(bytes, at, to);
        start = at;
      } else {
        at++;
      }
    }
    out.put(bytes, start, to);
  }
}
