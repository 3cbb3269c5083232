package io.spillway.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads what a plain client sends: a JSON object, an array, or NDJSON lines. Records stay as they
 * came, but for line breaks inside them; an element of an array that is not an object becomes
 * {@code {"value": …}}.
 *
 * <p>Not for several threads at once.
 */
public final class PlainText {
  private final Payload payload = new Payload();

  /** The records and, for a text that is none of the three or a line that is no record, why. */
  public record Result(Lines lines, List<Rejected> rejected) {}

  /**
   * Reads one text.
   *
   * @param peer who sent it, for what is rejected
   */
  public Result read(byte[] text, String peer, long atMs) {
    Lines.Builder lines = new Lines.Builder(text.length + 16);
    try {
      add(text, 0, text.length, lines);
      return new Result(lines.build(), List.of());
    } catch (RejectedPayload whole) {
      int firstEnd = lineEnd(text, Payload.skipBlank(text, 0, text.length));
      if (Payload.skipBlank(text, firstEnd, text.length) == text.length) {
        return new Result(Lines.NONE, List.of(rejected(text, peer, atMs, whole)));
      }
      return readLines(text, peer, atMs);
    }
  }

  private Result readLines(byte[] text, String peer, long atMs) {
    Lines.Builder lines = new Lines.Builder(text.length + 16);
    List<Rejected> rejected = new ArrayList<>();
    int end;
    for (int start = 0; start < text.length; start = end + 1) {
      end = lineEnd(text, start);
      if (Payload.skipBlank(text, start, end) < end) {
        try {
          add(text, start, end, lines);
        } catch (RejectedPayload e) {
          rejected.add(rejected(Arrays.copyOfRange(text, start, end), peer, atMs, e));
        }
      }
    }
    return new Result(lines.build(), List.copyOf(rejected));
  }

  private void add(byte[] text, int from, int to, Lines.Builder out) throws RejectedPayload {
    int atLength = out.length();
    int atCount = out.count();
    try {
      boolean lineBreaks = payload.check(text, from, to);
      payload.walk(text, from, to, new LineWriter(text, lineBreaks, out));
    } catch (RejectedPayload e) {
      out.cutBack(atLength, atCount);
      throw e;
    }
  }

  private static Rejected rejected(byte[] bytes, String peer, long atMs, RejectedPayload why) {
    return new Rejected(peer, atMs, why.getMessage(), bytes, bytes.length);
  }

  private static int lineEnd(byte[] text, int from) {
    int at = from;
    while (at < text.length && text[at] != '\n') {
      at++;
    }
    return at;
  }
}
