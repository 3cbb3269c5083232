package io.spillway.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds the next {@code '\n'}, eight bytes at a time: each record is looked through for its end by
 * everybody who hands it on, and byte by byte that was a tenth of a server's work.
 */
public final class LineEnd {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LINE_ENDS = 0x0A0A0A0A0A0A0A0AL;
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private LineEnd() {}

  /**
   * The index of the first line end of {@code bytes[from, to)}, or −1.
   *
   * <p>Taking one from a byte borrows from its high bit only where it was zero, so the lowest high
   * bit that is left is that of the first line end; the ones above it may be wrong.
   */
  public static int indexIn(byte[] bytes, int from, int to) {
    int at = from;
    for (int last = to - Long.BYTES; at <= last; at += Long.BYTES) {
      long zeroAtEnds = (long) EIGHT.get(bytes, at) ^ LINE_ENDS;
      long found = (zeroAtEnds - LOW_BITS) & ~zeroAtEnds & HIGH_BITS;
      if (found != 0) {
        return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    for (; at < to; at++) {
      if (bytes[at] == '\n') {
        return at;
      }
    }
    return -1;
  }

  /** How many line ends there are in {@code bytes[from, to)}. */
  public static int countIn(byte[] bytes, int from, int to) {
    int count = 0;
    int end = from - 1;
    while ((end = indexIn(bytes, end + 1, to)) >= 0) {
      count++;
    }
    return count;
  }
}
