package io.spillway.replay;

import io.spillway.journal.FileKind;
import io.spillway.message.LineEnd;
import io.spillway.tools.BlockReader;
import io.spillway.tools.BlockReader.Block;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The lines of one file, compressed or not, read by blocks. The headers of a spool's commits have
 * no number; an unfinished line at the end is left out.
 */
final class NumberedLines implements SourceLines {
  private final BlockReader blocks;
  private final boolean headersTell;
  private Block block = new Block(new byte[0], 0, null);
  private int at;
  private int from;
  private int to;
  private long number;

  /**
   * Opens a file.
   *
   * @param first the number of its first line
   * @param headersTell whether the headers of commits say which number follows
   */
  NumberedLines(Path file, long first, boolean headersTell) throws IOException {
    blocks = new BlockReader(open(file));
    this.headersTell = headersTell;
    number = first - 1;
  }

  /** Opens a file, to be unpacked if its name says so. */
  static InputStream open(Path file) throws IOException {
    FileKind.check(file);
    return BlockReader.unpacked(file, Files.newInputStream(file));
  }

  @Override
  public boolean next() throws IOException {
    while (true) {
      int end = LineEnd.indexIn(block.bytes(), at, block.length());
      if (end < 0) {
        if (!nextBlock()) {
          return false;
        }
        continue;
      }
      from = at;
      to = end;
      at = end + 1;
      if (!CommitHeader.isOne(block.bytes(), from, to)) {
        number++;
        return true;
      }
      if (headersTell) {
        number = Math.max(number, CommitHeader.first(block.bytes(), from, to) - 1);
      }
    }
  }

  private boolean nextBlock() throws IOException {
    if (block.problem() != null) {
      throw new IOException(block.problem());
    }
    Block following = blocks.next();
    block = following == null ? new Block(new byte[0], 0, null) : following;
    at = 0;
    return following != null;
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public byte[] array() {
    return block.bytes();
  }

  @Override
  public int from() {
    return from;
  }

  @Override
  public int to() {
    return to;
  }

  @Override
  public void close() throws IOException {
    blocks.close();
  }
}
