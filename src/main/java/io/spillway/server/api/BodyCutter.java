package io.spillway.server.api;

import io.spillway.message.Blanks;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Predicate;

/**
 * Cuts a request body, as its bytes come, into pieces that are stored one after the other. A body
 * whose first line is a record in itself is NDJSON, of any length; any other is one document, or
 * NDJSON that begins badly, and is held whole. Where the cuts are depends on the body alone, not on
 * how the network cuts it.
 */
final class BodyCutter {
  /** A piece ends with the line that reaches this. */
  static final int PIECE_BYTES = 256 << 10;

  /** Or with this line: short ones that are all no records would take much memory. */
  static final int PIECE_LINES = 10_000;

  /** How much of a line over the limit is kept. */
  static final int HEAD_BYTES = 4_096;

  /** What is stored in one go. */
  sealed interface Piece {}

  /** All of a body that is not known to be NDJSON. */
  record Document(byte[] text) implements Piece {}

  /**
   * Some lines; the last one may be without its line end.
   *
   * @param first number of the first, from 1
   */
  record Some(byte[] text, long first, int count) implements Piece {}

  /** A line over the limit, of which only the beginning is here. */
  record TooLong(long line, byte[] head, long size) implements Piece {}

  /** One document over the limit. */
  static final class TooBig extends Exception {
    private static final long serialVersionUID = 1L;

    TooBig(int bytesMax) {
      super(
          "one JSON document may have at most " + bytesMax + " bytes; send NDJSON lines for more",
          null,
          false,
          false);
    }
  }

  private final int bytesMax;
  private final Predicate<byte[]> isRecord;
  private final Deque<Piece> ready = new ArrayDeque<>();
  private boolean ndjson;
  private boolean beginsBadly;

  private byte[] held = new byte[1_024];
  private int length;
  private int lineStart;
  private int lines;
  private long firstLine = 1;

  /** The beginning of a line over the limit, while its end has not come. */
  private byte[] head;

  private long headSize;

  private BodyCutter(int bytesMax, boolean ndjson, Predicate<byte[]> isRecord) {
    this.bytesMax = bytesMax;
    this.ndjson = ndjson;
    this.isRecord = isRecord;
  }

  /**
   * For any body.
   *
   * @param bytesMax longest document, and longest line
   * @param isRecord whether a line is a record in itself
   */
  static BodyCutter of(int bytesMax, Predicate<byte[]> isRecord) {
    return new BodyCutter(bytesMax, false, isRecord);
  }

  /** The pieces of a text that is NDJSON for certain, and not longer than a document may be. */
  static BodyCutter ofLines(byte[] text) {
    BodyCutter cutter = new BodyCutter(text.length, true, line -> true);
    try {
      cutter.add(text);
    } catch (TooBig e) {
      throw new IllegalStateException(e); // lines have no limit together
    }
    cutter.end(true);
    return cutter;
  }

  /** More of the body. */
  void add(byte[] bytes) throws TooBig {
    int end;
    for (int from = 0; from < bytes.length; from = end) {
      end = from;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      boolean ends = end < bytes.length;
      end += ends ? 1 : 0;
      take(bytes, from, end, ends);
    }
  }

  /**
   * No more comes.
   *
   * @param whole false if the body broke off: only whole lines count then
   */
  void end(boolean whole) {
    if (head != null) {
      endTooLong();
    } else if (!ndjson) {
      if (whole && length > 0) {
        ready.add(new Document(Arrays.copyOf(held, length)));
      }
    } else {
      if (whole && length > lineStart) {
        endLine();
      }
      cut();
    }
  }

  /** The next piece that is whole, or null. */
  Piece next() {
    return ready.poll();
  }

  private void take(byte[] bytes, int from, int to, boolean ends) throws TooBig {
    if (head != null) {
      headSize += ends ? to - from - 1 : to - from;
      if (ends) {
        endTooLong();
      }
      return;
    }
    hold(bytes, from, to);
    if (!ndjson && ends) {
      lookAtFirstLine();
    }
    if (ndjson && length - lineStart - (ends ? 1 : 0) > bytesMax) {
      beginTooLong(ends);
    } else if (ends) {
      endLine();
      if (ndjson && (length >= PIECE_BYTES || lines >= PIECE_LINES)) {
        cut();
      }
    }
    if (!ndjson && length > bytesMax) {
      throw new TooBig(bytesMax);
    }
  }

  private void lookAtFirstLine() {
    byte[] line = Arrays.copyOfRange(held, lineStart, length);
    if (!beginsBadly && !isBlank(line)) {
      ndjson = isRecord.test(line);
      beginsBadly = !ndjson;
    }
  }

  /** Whether there is nothing in it that could be JSON. */
  static boolean isBlank(byte[] text) {
    return Blanks.isBlank(text, 0, text.length);
  }

  private void endLine() {
    lines++;
    lineStart = length;
  }

  /** Hands out the whole lines that are held. */
  private void cut() {
    if (lines > 0) {
      ready.add(new Some(Arrays.copyOf(held, lineStart), firstLine, lines));
      firstLine += lines;
    }
    lines = 0;
    length = 0;
    lineStart = 0;
  }

  private void beginTooLong(boolean ends) {
    int size = length - lineStart - (ends ? 1 : 0);
    head = Arrays.copyOfRange(held, lineStart, lineStart + Math.min(HEAD_BYTES, size));
    headSize = size;
    cut();
    if (ends) {
      endTooLong();
    }
  }

  private void endTooLong() {
    ready.add(new TooLong(firstLine++, head, headSize));
    head = null;
  }

  private void hold(byte[] bytes, int from, int to) {
    int size = to - from;
    if (held.length - length < size) {
      held = Arrays.copyOf(held, Math.max(held.length * 2, length + size));
    }
    System.arraycopy(bytes, from, held, length, size);
    length += size;
  }
}
