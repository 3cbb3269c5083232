package io.spillway.journal;

import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A file read up to a limit that may move on: what lies beyond is not committed yet. */
final class FileTail extends InputStream {
  private final FileChannel channel;
  private long position;
  private long limit;

  FileTail(Path file, long position) throws IOException {
    FileKind.check(file);
    this.channel = FileChannel.open(file, READ);
    this.position = position;
    this.limit = position;
  }

  /** The last byte of a file; -1 if it is empty. */
  static int lastByte(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return channel.size() == 0 || channel.read(last, channel.size() - 1) < 1 ? -1 : last.get(0);
    }
  }

  void limit(long bytes) {
    limit = bytes;
  }

  /** For a file that will not change any more. */
  void limitAtEnd() throws IOException {
    limit = channel.size();
  }

  @Override
  public int read(byte[] into, int at, int length) throws IOException {
    int wanted = (int) Math.min(length, limit - position);
    if (wanted <= 0) {
      return -1;
    }
    int read = channel.read(ByteBuffer.wrap(into, at, wanted), position);
    position += Math.max(0, read);
    return read;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
