package io.spillway.journal;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where unreadable bytes are kept for a human: {@code <segment>-<position>-<n>}, never deleted. */
final class Quarantine {
  private static final Logger log = LoggerFactory.getLogger(Quarantine.class);

  private final Path dir;
  private final Disk disk;
  private int files;
  private long bytes;
  private long records;

  Quarantine(Path dir, Disk disk) {
    this.dir = dir;
    this.disk = disk;
  }

  /** Copies one unreadable span; it is on the disk when this returns. */
  void keep(Path file, InputStream content, Scan.Span span) throws IOException {
    Path to = free(file, span.from());
    content.skipNBytes(span.from());
    try (FileChannel channel = disk.open(to, CREATE_NEW, WRITE)) {
      copy(content, span.bytes(), channel);
      channel.force(false);
    }
    disk.syncDirectory(dir);
    log.warn("{}: {} unreadable bytes at {} moved to {}", file, span.bytes(), span.from(), to);
    count(span.bytes(), span.next() - span.first());
  }

  /** Moves a file of which nothing, or not enough, can be read. */
  void keepWhole(Path file, long lostRecords) throws IOException {
    long size = Files.size(file);
    Path to = free(file, 0);
    disk.move(file, to);
    disk.syncDirectory(dir);
    disk.syncDirectory(file.getParent());
    log.warn("{}: unreadable, all {} bytes moved to {}", file, size, to);
    count(size, lostRecords);
  }

  int files() {
    return files;
  }

  long bytes() {
    return bytes;
  }

  long records() {
    return records;
  }

  /** Appends the next {@code length} bytes of {@code from}. */
  static void copy(InputStream from, long length, FileChannel to) throws IOException {
    byte[] block = new byte[64 << 10];
    long left = length;
    while (left > 0) {
      int read = from.read(block, 0, (int) Math.min(block.length, left));
      if (read < 0) {
        return;
      }
      Disk.writeFully(to, ByteBuffer.wrap(block, 0, read), to.size());
      left -= read;
    }
  }

  private Path free(Path file, long position) throws IOException {
    Files.createDirectories(dir);
    int n = 1;
    Path name = named(file, position, n);
    while (Files.exists(name)) {
      n++;
      name = named(file, position, n);
    }
    return name;
  }

  private Path named(Path file, long position, int n) {
    return dir.resolve(file.getFileName() + "-" + position + "-" + n);
  }

  private void count(long newBytes, long newRecords) {
    files++;
    bytes += newBytes;
    records += newRecords;
  }
}
