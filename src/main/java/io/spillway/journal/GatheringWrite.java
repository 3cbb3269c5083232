package io.spillway.journal;

import io.spillway.message.Lines;
import java.nio.ByteBuffer;

/**
 * The bytes of one commit, as they go to the file. The buffer is used again for the next commit,
 * unless one huge append made it grow beyond what is worth keeping.
 */
final class GatheringWrite {
  private static final int USUAL_BYTES = 1 << 20;
  private static final int FIRST_BYTES = 64 << 10;

  private final Format format;
  private final LineStamp stamp;
  private ByteBuffer out = ByteBuffer.allocate(FIRST_BYTES);

  GatheringWrite(Format format, LineStamp stamp) {
    this.format = format;
    this.stamp = stamp;
  }

  void clear() {
    if (out.capacity() > 2 * USUAL_BYTES) {
      out = ByteBuffer.allocate(FIRST_BYTES);
    }
    out.clear();
  }

  /** A view of all that was added, ready to be written. */
  ByteBuffer bytes() {
    return out.duplicate().flip();
  }

  /**
   * Adds one append whose first line gets {@code offset}. If it throws, nothing was added.
   *
   * @throws IllegalArgumentException if a line to be stamped does not end in a brace
   */
  void add(Append append, long offset) {
    int start = out.position();
    try {
      if (format == Format.FRAMED) {
        addChunk(append, offset);
      } else {
        addRecords(append.lines(), offset);
      }
    } catch (RuntimeException error) {
      out.position(start);
      throw error;
    }
  }

  // The header holds the checksum of what follows it: records first, then move them up to it.
  private void addChunk(Append append, long offset) {
    String memo = Header.base64(append.memo());
    int start = out.position();
    int records = start + Header.MAX_BYTES + memo.length();
    reserve(Header.MAX_BYTES + memo.length());
    out.position(records);
    addRecords(append.lines(), offset);
    int end = out.position();
    byte[] header =
        Header.chunk(offset, append.lines().count(), out.array(), records, end, memo).line();
    out.position(start);
    out.put(header);
    out.put(out.array(), records, end - records);
  }

  private void addRecords(Lines lines, long offset) {
    if (stamp == null) {
      put(lines.array(), lines.from(), lines.to());
      return;
    }
    int start = lines.from();
    for (int line = 0; line < lines.count(); line++) {
      int end = lines.endOfLine(start);
      addStamped(lines.array(), start, end, offset + line);
      start = end;
    }
  }

  private void addStamped(byte[] line, int start, int end, long offset) {
    int brace = end - 2;
    if (brace <= start || line[brace] != '}') {
      throw new IllegalArgumentException("not a JSON object on one line, at offset " + offset);
    }
    put(line, start, brace);
    reserve(LineStamp.MAX_BYTES + 2);
    stamp.write(offset, out);
    out.put((byte) '}').put((byte) '\n');
  }

  private void put(byte[] bytes, int from, int to) {
    reserve(to - from);
    out.put(bytes, from, to - from);
  }

  private void reserve(int bytes) {
    if (out.remaining() < bytes) {
      int enough = Math.max(out.capacity() * 2, out.position() + bytes);
      out = ByteBuffer.allocate(enough).put(out.flip());
    }
  }
}
