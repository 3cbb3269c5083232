package io.spillway.tools;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * Reads a stream in blocks that end with a line end; only the last one may end without.
 *
 * <p>Memory is one block, or the longest line when that is longer.
 */
public final class BlockReader implements Closeable {
  private static final int BLOCK_BYTES = 1 << 20;
  private static final int GZIP_BYTES = 1 << 16;
  private static final int LINE_BYTES_MAX = 64 << 20;

  private final InputStream in;
  private byte[] carried = new byte[0];
  private boolean ended;

  /** Of a stream, which is closed with it. */
  public BlockReader(InputStream in) {
    this.in = in;
  }

  /**
   * What is in a file, unpacked if its name ends in {@code .gz}.
   *
   * @param in its bytes; closed if it is no gzip
   * @throws IOException if it is no gzip although its name says so
   */
  public static InputStream unpacked(Path file, InputStream in) throws IOException {
    if (!file.getFileName().toString().endsWith(".gz")) {
      return in;
    }
    try {
      return new GZIPInputStream(new BufferedInputStream(in, GZIP_BYTES), GZIP_BYTES);
    } catch (IOException error) {
      in.close();
      throw error;
    }
  }

  /**
   * The next block, or null at the end.
   *
   * @return never throws: a block with {@code problem} set carries the whole lines that could be
   *     read before it, and is the last one
   */
  public Block next() {
    if (ended) {
      return null;
    }
    byte[] bytes = Arrays.copyOf(carried, Math.max(BLOCK_BYTES, 2 * carried.length));
    int length = carried.length;
    try {
      while (true) {
        int searchedTo = length;
        while (length < bytes.length) { // not readNBytes: it drops what it has read when it fails
          int read = in.read(bytes, length, bytes.length - length);
          if (read < 0) {
            ended = true;
            return new Block(bytes, length, null);
          }
          length += read;
        }
        int wholeLines = afterLastLineEnd(bytes, searchedTo, length);
        if (wholeLines > 0) {
          carried = Arrays.copyOfRange(bytes, wholeLines, length);
          return new Block(bytes, wholeLines, null);
        }
        if (length >= LINE_BYTES_MAX) {
          throw new IOException("a line of more than 64 MiB; the rest of the file was not read");
        }
        bytes = Arrays.copyOf(bytes, 2 * length);
      }
    } catch (IOException error) {
      ended = true;
      return new Block(bytes, afterLastLineEnd(bytes, 0, length), FileFault.words(error));
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private static int afterLastLineEnd(byte[] bytes, int from, int to) {
    for (int at = to; at > from; at--) {
      if (bytes[at - 1] == '\n') {
        return at;
      }
    }
    return 0;
  }

  /**
   * Lines {@code bytes[0, length)}.
   *
   * @param problem why nothing follows although the file has not ended, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // handed from one thread to the other, never compared
  public record Block(byte[] bytes, int length, String problem) {}
}
