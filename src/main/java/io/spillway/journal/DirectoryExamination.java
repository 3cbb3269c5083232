package io.spillway.journal;

import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looks at a directory that a journal is in, or will be: rights, room and speed. Nothing that is
 * there is changed, nor its lock taken, so that the process whose it is may run. All of it blocks.
 */
public final class DirectoryExamination {
  private static final int SYNCS = 20;
  private static final int SYNC_BYTES = 4_096;
  private static final long SYNCS_WITHIN_NS = 6_000_000_000L;
  private static final int FILES_MAX = 10_000;
  private static final double MEBIBYTE = 1 << 20;

  /** With less nothing is stored. */
  private static final long NOTHING_BYTES = 1 << 20;

  private final String name;
  private final String key;
  private final Path dir;
  private final TimeSource time;
  private final String user = System.getProperty("user.name");

  /**
   * @param name what it is called, for the names of the hops
   * @param key of the configuration that names it
   */
  public DirectoryExamination(String name, String key, Path dir, TimeSource time) {
    this.name = name;
    this.key = key;
    this.dir = dir.toAbsolutePath().normalize();
    this.time = time;
  }

  /** What the first hop is called. */
  public String filesHop() {
    return name;
  }

  /** What the second hop is called. */
  public String roomHop() {
    return name + " room";
  }

  /** What the third hop is called. */
  public String speedHop() {
    return name + " speed";
  }

  /** Whether it can be used, and who does. */
  public HopFinding files() {
    Path there = nearest();
    Optional<LockHolder> holder = there.equals(dir) ? lockHolder() : Optional.empty();
    String owner = holder.flatMap(LockHolder::user).orElse(user);
    try {
      check(there);
      if (!there.equals(dir)) {
        return HopFinding.ok(
            filesHop(), dir + " is made at the first start, in " + there + ", which lets " + user);
      }
      return holder.isEmpty()
          ? HopFinding.ok(filesHop(), dir + ", not in use; " + user + " may read and write")
          : used(holder.get(), owner, true);
    } catch (IOException error) {
      return owner.equals(user) ? failed(filesHop(), error) : used(holder.get(), owner, false);
    }
  }

  /**
   * A process has it open: rights are those of its user, and are not to be taken away from it.
   *
   * @param owner that user
   * @param usable whether this user may use it, too
   */
  HopFinding used(LockHolder holder, String owner, boolean usable) {
    String words =
        "%s, %sin use by process %d"
            .formatted(dir, holder.certain() ? "" : "perhaps ", holder.pid());
    return owner.equals(user)
        ? HopFinding.ok(filesHop(), words)
        : new HopFinding(
            filesHop(),
            usable ? Result.NOTICE : Result.SKIPPED,
            words + " of user " + owner + ", and this is " + user + (usable ? "" : ", who may not"),
            "what this user may says little of the other: run doctor as user " + owner);
  }

  /** The process that has it open; empty if there is none, or none that can be seen from here. */
  public OptionalLong holder() {
    return lockHolder().map(LockHolder::pid).map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  private Optional<LockHolder> lockHolder() {
    try {
      return LockHolder.of(new Layout(dir, "").lock());
    } catch (IOException unknown) {
      return Optional.empty();
    }
  }

  /** It, or what of the directories above it is there. */
  private Path nearest() {
    Path at = dir;
    while (Files.notExists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }

  private void check(Path there) throws IOException {
    if (!Files.isDirectory(there)) {
      throw new FileAlreadyExistsException(there.toString());
    }
    FileStore store = Files.getFileStore(there);
    if (store.isReadOnly()) {
      throw new FileSystemException(there.toString(), null, "Read-only file system");
    }
    boolean usable =
        Files.isReadable(there) && Files.isWritable(there) && Files.isExecutable(there);
    if (!usable) {
      throw new AccessDeniedException(there.toString());
    }
    if (there.equals(dir)) {
      checkFiles();
    }
  }

  private void checkFiles() throws IOException {
    int left = FILES_MAX;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir)) {
      for (Path entry : entries) {
        boolean gone = Files.notExists(entry); // as an edge that runs deletes what is sent
        if (!gone && !(Files.isReadable(entry) && Files.isWritable(entry))) {
          throw new AccessDeniedException(entry.toString());
        }
        if (--left == 0) {
          return;
        }
      }
    }
  }

  /**
   * Whether there is room for what may come to lie there.
   *
   * @param bytesMax most that may lie there; 0: there is no limit
   * @param bytesKey that sets it
   */
  public HopFinding room(long bytesMax, String bytesKey) {
    try {
      FileStore store = Files.getFileStore(nearest());
      long missing = bytesMax == 0 ? 0 : Math.max(0, bytesMax - held());
      return room(
          store.getUsableSpace(), store.getTotalSpace(), missing, bytesMax == 0 ? null : bytesKey);
    } catch (IOException error) {
      return failed(roomHop(), error);
    }
  }

  /**
   * @param missing how much more may come to lie there; 0 if there is no limit
   * @param bytesKey null if there is no limit
   */
  HopFinding room(long free, long total, long missing, String bytesKey) {
    String room = mebibytes(free) + " MiB are free";
    if (free < NOTHING_BYTES) {
      return HopFinding.failed(roomHop(), room, "free space: nothing can be stored");
    }
    if (bytesKey != null) {
      String words = "%s, up to %s MiB more may come".formatted(room, mebibytes(missing));
      return free >= missing
          ? HopFinding.ok(roomHop(), words + " by " + bytesKey)
          : HopFinding.notice(
              roomHop(), words, "free space, or lower " + bytesKey + ": the disk is full before");
    }
    String filling = new FillingDisk().look(free, total, time.monotonicMs());
    return filling.isEmpty()
        ? HopFinding.ok(roomHop(), room)
        : HopFinding.notice(
            roomHop(),
            filling,
            "free space, or choose how long records are kept: server.journal.keepDays, keepBytes");
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,.0f", bytes / MEBIBYTE);
  }

  private long held() throws IOException {
    if (!Files.isDirectory(dir)) {
      return 0;
    }
    long bytes = 0;
    int left = FILES_MAX;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir)) {
      for (Path entry : entries) {
        bytes += entry.toFile().length(); // 0 of one that is gone meanwhile
        if (--left == 0) {
          break;
        }
      }
    }
    return bytes;
  }

  /** How long it takes there until a little is safe, in a file of its own that is deleted again. */
  public HopFinding speed() {
    Path there = nearest();
    try {
      Path file = Files.createTempFile(there, "doctor-", ".tmp");
      try {
        return new SyncTimes(syncs(file)).finding(speedHop(), key, there.toString());
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException error) {
      return failed(speedHop(), error);
    }
  }

  private long[] syncs(Path file) throws IOException {
    file.toFile().deleteOnExit(); // also where somebody interrupts
    long[] nanos = new long[SYNCS];
    long begun = time.nanoTime();
    int count = 0;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      while (count < SYNCS && (count == 0 || time.nanoTime() - begun < SYNCS_WITHIN_NS)) {
        long started = time.nanoTime();
        Disk.writeFully(channel, ByteBuffer.allocate(SYNC_BYTES), (long) count * SYNC_BYTES);
        channel.force(false); // as the journal does
        nanos[count++] = time.nanoTime() - started;
      }
    }
    return Arrays.copyOf(nanos, count);
  }

  private HopFinding failed(String hop, IOException error) {
    String text = JournalFailure.words(UnusableDirectory.of(key, dir, user, error));
    return HopFinding.told(hop, Result.FAILED, text);
  }
}
