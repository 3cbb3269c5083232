package io.spillway.message;

import java.io.ByteArrayOutputStream;
import java.util.Objects;

/**
 * NDJSON lines, each ended by one {@code '\n'}, in one block of bytes.
 *
 * <p>The array is not copied: whoever makes a {@code Lines} gives the array away, and nobody writes
 * to it afterwards. Equality is identity, as for any large buffer.
 */
public final class Lines {
  /** No lines at all. */
  public static final Lines NONE = new Lines(new byte[0], 0, 0, 0);

  private final byte[] bytes;
  private final int from;
  private final int to;
  private final int count;

  /**
   * Lines {@code bytes[from, to)}.
   *
   * @param count how many lines these are; the caller has counted them
   */
  public Lines(byte[] bytes, int from, int to, int count) {
    Objects.checkFromToIndex(from, to, bytes.length);
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    this.count = count;
  }

  /** All of {@code bytes}, which hold {@code count} lines. */
  public Lines(byte[] bytes, int count) {
    this(bytes, 0, bytes.length, count);
  }

  /** The backing array; lines are at {@code [from(), to())}. Do not write to it. */
  public byte[] array() {
    return bytes;
  }

  public int from() {
    return from;
  }

  public int to() {
    return to;
  }

  /** Length in bytes, line ends included. */
  public int length() {
    return to - from;
  }

  /** Number of lines. */
  public int count() {
    return count;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /** The index just behind the line end of the line that begins at {@code start}. */
  public int endOfLine(int start) {
    int at = start;
    while (bytes[at] != '\n') {
      at++;
    }
    return at + 1;
  }

  /** Without the first {@code skipped} lines. */
  public Lines skip(int skipped) {
    int start = from;
    for (int line = 0; line < skipped; line++) {
      start = endOfLine(start);
    }
    return new Lines(bytes, start, to, count - skipped);
  }

  /** Collects lines into one block. */
  public static final class Builder {
    private final ByteArrayOutputStream bytes;
    private int count;

    public Builder(int expectedBytes) {
      bytes = new ByteArrayOutputStream(expectedBytes);
    }

    /** Adds one line; {@code line[from, to)} is without line end, and contains none. */
    public Builder add(byte[] line, int from, int to) {
      bytes.write(line, from, to - from);
      bytes.write('\n');
      count++;
      return this;
    }

    /** Adds whole lines. */
    public Builder add(Lines lines) {
      bytes.write(lines.bytes, lines.from, lines.length());
      count += lines.count;
      return this;
    }

    public int count() {
      return count;
    }

    public int length() {
      return bytes.size();
    }

    public Lines build() {
      return new Lines(bytes.toByteArray(), count);
    }
  }
}
