package io.spillway.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads what a plain client sends: a JSON object, an array, or NDJSON lines. Records stay as they
 * came, but for line breaks inside them and for members that only others may give ({@link
 * ForeignWriter}); an element of an array that is not an object becomes {@code {"value": …}}.
 *
 * <p>Not for several threads at once.
 */
public final class PlainText {
  private final Payload payload = new Payload();

  /**
   * What a text holds.
   *
   * @param lines the records
   * @param rejected a text that is none of the three, or each line that is no record, and why
   * @param at for each of the rejected, in which line of the text it is, from 1; 1 for a whole text
   */
  public record Result(Lines lines, List<Rejected> rejected, List<Integer> at) {}

  /**
   * Reads one text.
   *
   * @param peer who sent it, for what is rejected
   */
  public Result read(byte[] text, String peer, long atMs) {
    return readDocument(text, peer, atMs).orElseGet(() -> readLines(text, peer, atMs));
  }

  /** Reads one object or array, in one line or several; empty if it can only be NDJSON lines. */
  public Optional<Result> readDocument(byte[] text, String peer, long atMs) {
    Lines.Builder lines = new Lines.Builder(text.length + 16);
    try {
      add(text, 0, text.length, atMs, lines);
      return Optional.of(new Result(lines.build(), List.of(), List.of()));
    } catch (RejectedPayload whole) {
      int firstEnd = Blanks.lineEnd(text, Blanks.begin(text, 0, text.length), text.length);
      if (Blanks.skipBlank(text, firstEnd, text.length) < text.length) {
        return Optional.empty();
      }
      List<Rejected> rejected = List.of(rejected(text, peer, atMs, whole));
      return Optional.of(new Result(Lines.NONE, rejected, List.of(1)));
    }
  }

  /** Reads NDJSON lines, of which each is an object or array by itself. */
  public Result readLines(byte[] text, String peer, long atMs) {
    Lines.Builder lines = new Lines.Builder(text.length + 16);
    List<Rejected> rejected = new ArrayList<>();
    List<Integer> at = new ArrayList<>();
    int end;
    int number = 1;
    for (int start = 0; start < text.length; start = end + 1, number++) {
      end = Blanks.lineEnd(text, start, text.length);
      if (!Blanks.isBlank(text, start, end)) {
        try {
          add(text, start, end, atMs, lines);
        } catch (RejectedPayload e) {
          rejected.add(rejected(Arrays.copyOfRange(text, start, end), peer, atMs, e));
          at.add(number);
        }
      }
    }
    return new Result(lines.build(), List.copyOf(rejected), List.copyOf(at));
  }

  private void add(byte[] text, int from, int to, long atMs, Lines.Builder out)
      throws RejectedPayload {
    int atLength = out.length();
    int atCount = out.count();
    try {
      int start = Blanks.skipMark(text, from, to);
      boolean lineBreaks = payload.check(text, start, to);
      payload.walk(text, start, to, new ForeignWriter(text, lineBreaks, out, atMs));
    } catch (RejectedPayload e) {
      out.cutBack(atLength, atCount);
      throw e;
    }
  }

  private static Rejected rejected(byte[] bytes, String peer, long atMs, RejectedPayload why) {
    return new Rejected(peer, atMs, why.getMessage(), bytes, bytes.length);
  }
}
