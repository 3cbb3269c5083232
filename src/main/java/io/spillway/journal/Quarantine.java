package io.spillway.journal;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where unreadable bytes are kept for a human: {@code <file>-<position>-<n>}, never deleted. */
final class Quarantine {
  private static final Logger log = LoggerFactory.getLogger(Quarantine.class);
  private static final String DIRECTORY = "quarantine";

  private final Path dir;
  private final Disk disk;
  private final Damages damages;
  private int files;
  private long bytes;
  private long records;

  /**
   * That of a journal.
   *
   * @param damages is told of all that comes here
   */
  Quarantine(Path journalDir, Disk disk, Damages damages) {
    this.dir = journalDir.resolve(DIRECTORY);
    this.disk = disk;
    this.damages = damages;
  }

  /** Moves a file of any kind to the quarantine beside it; returns where it is now. */
  static Path move(Disk disk, Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    Path dir = parent.resolve(DIRECTORY);
    Path to = free(disk, dir, file, 0);
    disk.move(file, to);
    disk.syncDirectory(dir);
    disk.syncDirectory(parent);
    return to;
  }

  /** Copies one unreadable span; it is on the disk when this returns. */
  void keep(Path file, InputStream content, Scan.Span span) throws IOException {
    Path to = free(disk, dir, file, span.from());
    content.skipNBytes(span.from());
    try (FileChannel channel = disk.open(to, CREATE_NEW, WRITE)) {
      copy(content, span.bytes(), channel);
      channel.force(false);
    } catch (IOException error) {
      throw Disk.named(to, error);
    }
    disk.syncDirectory(dir);
    long lost = span.next() - span.first();
    damages.add(
        file,
        "%,d unreadable bytes at %,d".formatted(span.bytes(), span.from()),
        to,
        consequence(lost));
    count(span.bytes(), lost);
  }

  /**
   * Moves a file of which nothing, or not enough, can be read, or that is a copy of another one.
   *
   * @param lostRecords those that it should have; 0 if that is not known
   */
  void keepWhole(Path file, long lostRecords) throws IOException {
    long size = Files.size(file);
    Path to = move(disk, file);
    String without = lostRecords == 0 ? "what it had is not known" : consequence(lostRecords);
    damages.add(file, "is not what it should be", to, without);
    count(size, lostRecords);
  }

  /** Moves a file of which all that can be read has been copied. */
  void keepCopied(Path file) throws IOException {
    long size = Files.size(file);
    damages.add(file, "cannot be read in full", move(disk, file), consequence(0));
    count(size, 0);
  }

  /**
   * Moves what stands where a file of the journal should.
   *
   * @param mayHaveRecords whether it may be, or be in place of, something that had records
   */
  void keepStray(Path file, String reason, boolean mayHaveRecords) throws IOException {
    Path to = move(disk, file);
    String without = mayHaveRecords ? "records that were in it are not read" : "nothing is lost";
    damages.add(file, reason, to, without);
    if (mayHaveRecords) {
      count(0, 0);
    }
  }

  private static String consequence(long lost) {
    return lost == 0 ? "no record is lost" : "about " + lost + " records in it are lost here";
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

  private static Path free(Disk disk, Path dir, Path file, long position) throws IOException {
    clear(disk, dir);
    disk.makeDirectories(dir);
    int n = 1;
    Path name = named(dir, file, position, n);
    while (Files.exists(name, LinkOption.NOFOLLOW_LINKS)) {
      n++;
      name = named(dir, file, position, n);
    }
    return name;
  }

  /** A file that is called as the directory should be goes into it. */
  private static void clear(Disk disk, Path dir) throws IOException {
    if (Files.isDirectory(dir) || !Files.exists(dir, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int n = 1;
    Path aside = named(dir.getParent(), dir, 0, n);
    while (Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
      n++;
      aside = named(dir.getParent(), dir, 0, n);
    }
    disk.move(dir, aside);
    disk.makeDirectories(dir);
    Path to = dir.resolve(aside.getFileName());
    disk.move(aside, to);
    log.warn("{}: is not a directory, and one is needed there; kept as {}", dir, to);
  }

  private static Path named(Path dir, Path file, long position, int n) {
    return dir.resolve(file.getFileName() + "-" + position + "-" + n);
  }

  private void count(long newBytes, long newRecords) {
    files++;
    bytes += newBytes;
    records += newRecords;
  }
}
