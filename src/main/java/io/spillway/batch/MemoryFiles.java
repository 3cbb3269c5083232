package io.spillway.batch;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.spillway.journal.Damages;
import io.spillway.journal.Disk;
import io.spillway.journal.FileKind;
import io.spillway.journal.StateFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

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
  private static final int HEAD_BYTES = 16;
  private static final int CHECKED_FROM = 12;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final String WITHOUT_BOTH =
      "what the broker sends again is stored, and counted as possibly double";

  private final Path dir;
  private final List<Path> files;

  /** The number of the newest save that is whole, and which of the files has it. */
  private long saves;

  private int newest = 1;

  MemoryFiles(Path dir) {
    this.dir = dir;
    files = List.of(dir.resolve("redelivery-0"), dir.resolve("redelivery-1"));
  }

  /**
   * What was saved last; null if there is nothing, or nothing that can be read. Blocking.
   *
   * @param damages is told of what cannot be read, but for a save that a crash has cut short
   */
  byte[] load(Damages damages) throws IOException {
    byte[] saved = null;
    Map<Path, ByteBuffer> torn = new LinkedHashMap<>();
    for (int each = 0; each < files.size(); each++) {
      Path file = files.get(each);
      if (!FileKind.fault(file).isEmpty()) {
        torn.put(file, NOTHING);
      } else if (Files.exists(file)) {
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
        if (!isWhole(content)) {
          torn.put(file, content);
        } else if (content.getLong(0) > saves) {
          saves = content.getLong(0);
          newest = each;
          saved = new byte[content.getInt(Long.BYTES)];
          content.get(HEAD_BYTES, saved);
        }
      }
    }
    for (Map.Entry<Path, ByteBuffer> each : torn.entrySet()) {
      boolean harmless = saved != null || isOfFirstSave(each.getKey());
      if (!harmless || !isUnfinished(each.getKey(), each.getValue())) {
        String otherwise = saved == null ? WITHOUT_BOTH : "the other of the two says the same";
        discard(each.getKey(), otherwise, damages);
      }
    }
    if (saved != null) {
      sync(files.get(newest));
    }
    return saved;
  }

  /**
   * It may be the only whole one, and not on the disk yet if the process was killed that wrote it:
   * the next save may be torn in the other.
   */
  private void sync(Path file) throws IOException {
    try (FileChannel channel = Disk.REAL.open(file, READ)) {
      channel.force(true);
    }
    Disk.REAL.syncDirectory(dir);
  }

  private static void discard(Path file, String otherwise, Damages damages) throws IOException {
    String kind = FileKind.fault(file);
    String reason = kind.isEmpty() ? "its checksum does not match" : kind;
    StateFile.discard(file, reason, otherwise, damages);
  }

  /** Nothing was ever saved: the other file is made when this one is whole. */
  private boolean isOfFirstSave(Path file) {
    return file.equals(files.get(0)) && Files.notExists(files.get(1));
  }

  /** Of the save behind the newest whole one, which was not over: nothing relies on it yet. */
  private boolean isUnfinished(Path file, ByteBuffer content) {
    return FileKind.fault(file).isEmpty()
        && (content.limit() < Long.BYTES || content.getLong(0) == saves + 1);
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
    boolean fresh = !files.stream().allMatch(Files::exists); // after a kill one may be there
    try (FileChannel channel = Disk.REAL.open(file, CREATE, WRITE)) {
      Disk.writeFully(channel, content.duplicate(), 0);
      channel.force(fresh);
    }
    if (fresh) {
      Disk.REAL.syncDirectory(dir);
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
