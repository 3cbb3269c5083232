package io.spillway.message;

import java.nio.charset.StandardCharsets;

/** Writes what a {@link Payload} is made of as lines; what is no object as {@code {"value": …}}. */
abstract class LineWriter implements Payload.Visitor {
  static final byte[] VALUE = "{\"value\":".getBytes(StandardCharsets.US_ASCII);

  /**
   * How many bytes more than itself a payload may become: {@code [1,1,…]} grows fiftyfold, and as
   * many times more as the topic is longer.
   */
  private static final int GROWTH_MAX = 4 << 20;

  /** So many in any case ... */
  private static final int GROWTH = 256 << 10;

  /** ... and so many for each of its own: one read of a socket brings many small payloads. */
  private static final long GROWTH_PER_BYTE = 64;

  final byte[] bytes;
  final Lines.Builder out;
  private final boolean lineBreaks;
  private final int atLength;
  private final long lengthMax;

  /**
   * @param lineBreaks whether there are any, which have to go
   */
  LineWriter(byte[] bytes, boolean lineBreaks, Lines.Builder out) {
    this(bytes, lineBreaks, out, growthMax(bytes.length));
  }

  /**
   * @param growthMax how many bytes more than the payload has its records may have
   */
  LineWriter(byte[] bytes, boolean lineBreaks, Lines.Builder out, long growthMax) {
    this.bytes = bytes;
    this.lineBreaks = lineBreaks;
    this.out = out;
    this.atLength = out.length();
    this.lengthMax = bytes.length + growthMax;
  }

  /** Ends a record; one payload cannot fill the memory with them. */
  final void endLine() throws RejectedPayload {
    out.endLine();
    if (out.length() - atLength > lengthMax) {
      throw new RejectedPayload(
          RejectionKind.TOO_LARGE,
          "its records have more than %,d bytes, to which %,d bytes may grow"
              .formatted(lengthMax, bytes.length));
    }
  }

  private static long growthMax(int payloadBytes) {
    return Math.min(GROWTH_MAX, GROWTH + GROWTH_PER_BYTE * payloadBytes);
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
        at = Blanks.skipBlank(bytes, at, to);
        start = at;
      } else {
        at++;
      }
    }
    out.put(bytes, start, to);
  }
}
