package io.spillway.journal;

import io.spillway.message.LineEnd;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Splits a stream into lines without copying them: {@link #next} moves to a line, which is then
 * {@code array()[from(), to())} until the next call. A line without its end is not delivered.
 */
final class LineReader implements Closeable {
  /** A longer line is no record; it is passed over without being held in memory. */
  static final int LONGEST_LINE = 16 << 20;

  private static final int FIRST_BYTES = 64 << 10;

  private final InputStream in;
  private byte[] buffer = new byte[FIRST_BYTES];
  private int from;
  private int to = -1;
  private int end;
  private long base;
  private long dropped;

  /**
   * @param position where in its file the stream begins
   */
  LineReader(InputStream in, long position) {
    this.in = in;
    this.base = position;
  }

  /** False when the stream has no further whole line; more may come if the file grows. */
  boolean next() throws IOException {
    if (to >= 0) {
      from = to + 1;
      to = -1;
      dropped = 0;
    }
    int scan = from;
    while (true) {
      to = LineEnd.indexIn(buffer, scan, end);
      if (to >= 0) {
        return true;
      }
      scan = end;
      int moved = makeRoom();
      scan -= moved;
      int read = in.read(buffer, end, buffer.length - end);
      if (read <= 0) {
        return false;
      }
      end += read;
    }
  }

  /** The next call of {@link #next} gives the same line again. */
  void unread() {
    to = -1;
  }

  /** Where in the file the line begins; after the last line, where the unfinished rest begins. */
  long position() {
    return base + from - dropped;
  }

  /** Where in the file the next line begins. */
  long end() {
    return base + to + 1;
  }

  /** The line was over {@link #LONGEST_LINE}: only its place is known. */
  boolean tooLong() {
    return dropped > 0;
  }

  byte[] array() {
    return buffer;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  /** Returns by how much everything moved towards the front. */
  private int makeRoom() {
    if (end - from >= LONGEST_LINE) {
      dropped += end - from;
      from = end;
    }
    int moved = from;
    if (moved > 0 && (end == from || end == buffer.length)) {
      System.arraycopy(buffer, from, buffer, 0, end - from);
      base += moved;
      end -= moved;
      from = 0;
      return moved;
    }
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    return 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
