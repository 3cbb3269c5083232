package io.spillway.batch;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The same bytes in two files, {@code redelivery-0} and {@code redelivery-1}, one written after the
 * other and in place, so that only what they grow by needs room on a full disk. Either is enough,
 * and one of them is always whole: a save that was cut short, by a full disk or a crash, has left
 * the other alone, and the next begins with the one that it has torn.
 *
 * <pre>
 *   8 bytes: the number of the save    4: length    4: CRC-32C of all the rest    the bytes
 * </pre>
 */
final class MemoryFiles {
  private static final Logger log = LoggerFactory.getLogger(MemoryFiles.class);
  private static final int HEAD_BYTES = 16;
  private static final int CHECKED_FROM = 12;

  private final Path dir;
  private final List<Path> files;

  /** The number of the newest save that is whole, and which of the files has it. */
  private long saves;

  private int newest = 1;

  MemoryFiles(Path dir) {
    this.dir = dir;
    files = List.of(dir.resolve("redelivery-0"), dir.resolve("redelivery-1"));
  }

  /** What was saved last; null if there is nothing, or nothing that can be read. Blocking. */
  byte[] load() throws IOException {
    byte[] saved = null;
    int damaged = 0;
    for (int each = 0; each < files.size(); each++) {
      Path file = files.get(each);
      if (Files.exists(file)) {
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
        if (!isWhole(content)) {
          damaged++;
        } else if (content.getLong(0) > saves) {
          saves = content.getLong(0);
          newest = each;
          saved = new byte[content.getInt(Long.BYTES)];
          content.get(HEAD_BYTES, saved);
        }
      }
    }
    if (damaged > 0) {
      log.warn(
          "[spool] {}: {} of its two redelivery files cannot be read; {}",
          dir,
          damaged,
          saved == null
              ? "what the broker sends again is stored, and counted as possibly double"
              : "the other says the same");
    }
    return saved;
  }

  /** Blocking; both are on the disk when it returns. */
  void save(byte[] bytes) throws IOException {
    long number = saves + 1;
    ByteBuffer content = ByteBuffer.allocate(HEAD_BYTES + bytes.length);
    content.putLong(number).putInt(bytes.length).putInt(0).put(bytes);
    content.putInt(CHECKED_FROM, checksum(content)).rewind();
    int first = 1 - newest;
    write(files.get(first), content);
    newest = first;
    saves = number;
    write(files.get(1 - first), content);
  }

  private void write(Path file, ByteBuffer content) throws IOException {
    boolean fresh = !Files.exists(file);
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
      ByteBuffer rest = content.duplicate();
      while (rest.hasRemaining()) {
        channel.write(rest, rest.position());
      }
      channel.force(fresh);
    }
    if (fresh) {
      sync(dir);
    }
  }

  private static void sync(Path dir) throws IOException {
    try (FileChannel channel = FileChannel.open(dir, READ)) {
      channel.force(true);
    }
  }

  private static boolean isWhole(ByteBuffer content) {
    int length = content.limit() < HEAD_BYTES ? -1 : content.getInt(Long.BYTES);
    return length >= 0
        && length <= content.limit() - HEAD_BYTES
        && content.getInt(CHECKED_FROM) == checksum(content.limit(HEAD_BYTES + length));
  }

  private static int checksum(ByteBuffer content) {
    CRC32C crc = new CRC32C();
    crc.update(content.duplicate().position(0).limit(CHECKED_FROM));
    crc.update(content.duplicate().position(HEAD_BYTES));
    return (int) crc.getValue();
  }
}
