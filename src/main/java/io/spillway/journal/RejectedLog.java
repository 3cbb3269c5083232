package io.spillway.journal;

import io.spillway.message.Rejected;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code rejected.ndjson}: what could not become a record, kept to be looked at and replayed. Of
 * two files, {@code rejected.1.ndjson} being the older, each at most {@value #BYTES_MAX} bytes, the
 * older one makes room. All methods block, and are for one caller at a time.
 */
public final class RejectedLog {
  private static final Logger log = LoggerFactory.getLogger(RejectedLog.class);

  static final long BYTES_MAX = 64L << 20;
  private static final byte[] LINE_END = {'\n'};

  private final Path file;
  private final Path older;
  private final long bytesMax;

  /** Whether the name of the file is on the disk: whoever made it may have come no further. */
  private boolean named;

  public RejectedLog(Path dir) {
    this(dir, BYTES_MAX);
  }

  RejectedLog(Path dir, long bytesMax) {
    this.bytesMax = bytesMax;
    file = dir.resolve("rejected.ndjson");
    older = dir.resolve("rejected.1.ndjson");
  }

  /**
   * The same, where what is no file is moved to the quarantine: nothing could be appended to it. A
   * link stays, as it may lead to a device on purpose.
   */
  public static RejectedLog open(Path dir, Damages damages) throws IOException {
    RejectedLog log = new RejectedLog(dir);
    for (Path each : List.of(log.file, log.older, Layout.temporary(log.file))) {
      String kind = Files.isSymbolicLink(each) ? "" : FileKind.fault(each);
      if (!kind.isEmpty()) {
        StateFile.discard(each, kind, "what is rejected goes into a new file", damages);
      }
    }
    return log;
  }

  /** Appends; on disk when this returns, or nothing of it is. */
  public synchronized void append(List<Rejected> rejected) throws IOException {
    try {
      write(rejected);
    } catch (IOException error) {
      throw Disk.named(file, error);
    }
  }

  /**
   * Whether these could be appended now: they are written beside the file, and nothing of it stays.
   * That takes half of what room there is at most, as others write to the same disk.
   *
   * @throws IOException as {@link #append}
   */
  public synchronized boolean takes(List<Rejected> rejected) throws IOException {
    try {
      write(List.of());
      return tryOut(rejected);
    } catch (IOException error) {
      throw Disk.named(file, error);
    }
  }

  private boolean tryOut(List<Rejected> rejected) throws IOException {
    Path dir = file.toAbsolutePath().getParent();
    List<byte[]> lines = rejected.stream().map(Rejected::toLine).toList();
    long bytes = lines.stream().mapToLong(line -> line.length).sum();
    if (Files.getFileStore(dir).getUsableSpace() < 2 * bytes) {
      return false;
    }
    try (FileChannel trial =
        Disk.REAL.open(
            Layout.temporary(file),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      for (byte[] line : lines) {
        Disk.writeFully(trial, ByteBuffer.wrap(line), trial.size());
      }
    }
    return true;
  }

  private void write(List<Rejected> rejected) throws IOException {
    if (FileKind.isFifo(file)) { // it may be led to a device on purpose
      FileKind.check(file);
    }
    if (Files.exists(file) && Files.size(file) >= bytesMax) {
      tellOfOlder();
      Disk.REAL.move(file, older);
    }
    Path dir = file.toAbsolutePath().getParent();
    if (!Files.exists(file)) {
      named = false;
      Disk.REAL.syncDirectory(dir); // or the new one might take the place of what was moved away
    }
    try (FileChannel channel =
        Disk.REAL.openAny(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long length = channel.size();
      channel.position(length);
      try {
        boolean torn = length > 0 && FileTail.lastByte(file) != '\n';
        if (torn) { // by a power cut: the next line must not be spoilt by it
          channel.write(ByteBuffer.wrap(LINE_END));
        }
        for (Rejected one : rejected) {
          ByteBuffer line = ByteBuffer.wrap(one.toLine());
          while (line.hasRemaining()) {
            channel.write(line);
          }
        }
        channel.force(false);
      } catch (IOException e) {
        channel.truncate(length);
        throw e;
      }
    }
    if (!named) {
      Disk.REAL.syncDirectory(dir);
      named = true;
    }
  }

  private void tellOfOlder() throws IOException {
    if (Files.exists(older)) {
      log.warn(
          "{} makes room for what is rejected now: its {} bytes go for good, but for what a sink has"
              + " refused, which is in the journal as long as that keeps it",
          older,
          Files.size(older));
    }
  }
}
