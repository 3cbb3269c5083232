package io.spillway.message;

import java.nio.charset.StandardCharsets;

/**
 * Writes what a {@link Payload} is made of as lines: an object as it is, anything else as {@code
 * {"value": …}}.
 */
class LineWriter implements Payload.Visitor {
  static final byte[] VALUE = "{\"value\":".getBytes(StandardCharsets.US_ASCII);

  final byte[] bytes;
  final Lines.Builder out;
  private final boolean lineBreaks;

  /**
   * @param lineBreaks whether there are any, which have to go
   */
  LineWriter(byte[] bytes, boolean lineBreaks, Lines.Builder out) {
    this.bytes = bytes;
    this.lineBreaks = lineBreaks;
    this.out = out;
  }

  @Override
  public void object(int from, int to, boolean hasReservedMember) throws RejectedPayload {
    copy(from, to);
    out.endLine();
  }

  @Override
  public void value(int from, int to) throws RejectedPayload {
    out.put(VALUE);
    copy(from, to);
    out.put('}').endLine();
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
