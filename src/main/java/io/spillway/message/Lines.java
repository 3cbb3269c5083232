package io.spillway.message;

import java.util.Arrays;
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
    int end = LineEnd.indexIn(bytes, start, to);
    if (end < 0) {
      throw new IllegalArgumentException("no line ends behind " + start);
    }
    return end + 1;
  }

  /** Without the first {@code skipped} lines. */
  public Lines skip(int skipped) {
    return new Lines(bytes, startOfLine(skipped), to, count - skipped);
  }

  /** Only the first {@code kept} lines. */
  public Lines limit(int kept) {
    return new Lines(bytes, from, startOfLine(kept), kept);
  }

  /** How many of the first lines have up to so many bytes together; the first one counts anyway. */
  public int countWithin(int length) {
    int lines = 0;
    int end = from;
    while (lines < count) {
      end = endOfLine(end);
      if (lines > 0 && end - from > length) {
        break;
      }
      lines++;
    }
    return lines;
  }

  /** Whether a line, its end included, has more than so many bytes. */
  public boolean hasLineOver(int length) {
    int start = from;
    while (to - start > length) { // else none of the rest can
      int end = endOfLine(start);
      if (end - start > length) {
        return true;
      }
      start = end;
    }
    return false;
  }

  private int startOfLine(int line) {
    int start = from;
    for (int passed = 0; passed < line; passed++) {
      start = endOfLine(start);
    }
    return start;
  }

  /** Collects lines into one block that grows as needed; the caller bounds what it adds. */
  public static final class Builder {
    private byte[] bytes;
    private int length;
    private int count;

    public Builder(int expectedBytes) {
      bytes = new byte[Math.max(16, expectedBytes)];
    }

    /** Adds a part of a line; {@code part[from, to)} contains no line end. */
    public Builder put(byte[] part, int from, int to) {
      int size = to - from;
      reserve(size);
      System.arraycopy(part, from, bytes, length, size);
      length += size;
      return this;
    }

    /** Adds a part of a line. */
    public Builder put(byte[] part) {
      return put(part, 0, part.length);
    }

    /** Adds one byte of a line. */
    public Builder put(char ascii) {
      reserve(1);
      bytes[length++] = (byte) ascii;
      return this;
    }

    /** Ends the line that was put together by {@code put}. */
    public Builder endLine() {
      put('\n');
      count++;
      return this;
    }

    /** Adds one line; {@code line[from, to)} is without line end, and contains none. */
    public Builder add(byte[] line, int from, int to) {
      return put(line, from, to).endLine();
    }

    /** Adds whole lines. */
    public Builder add(Lines lines) {
      put(lines.bytes, lines.from, lines.to);
      count += lines.count;
      return this;
    }

    /** Forgets what was added since the builder held {@code atLength} bytes in whole lines. */
    public void cutBack(int atLength, int atCount) {
      length = atLength;
      count = atCount;
    }

    public int count() {
      return count;
    }

    /** Length in bytes so far. */
    public int length() {
      return length;
    }

    /** The lines; the builder must not be used afterwards. */
    public Lines build() {
      return new Lines(bytes, 0, length, count);
    }

    private void reserve(int more) {
      if (bytes.length - length < more) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
      }
    }
  }
}
