package io.spillway.journal;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file being appended to. Used by the writer thread alone.
 *
 * <p>What is written to a file that has been removed or renamed meanwhile is on the disk, and lost
 * with the next start all the same: an append counts only where the name still leads to the file.
 *
 * <p>Invariant: the first {@link #length} bytes are on the disk and valid. What a failed write left
 * beyond them is cut off at once, or, if even that fails, before the next write.
 */
final class ActiveSegment {
  /** Makes the first bytes of a segment. */
  @FunctionalInterface
  interface Head {
    byte[] of(long first);
  }

  private static final Logger log = LoggerFactory.getLogger(ActiveSegment.class);
  private static final int WRITE_BYTES = 1 << 20;

  private final Layout layout;
  private final Disk disk;
  private final TimeSource time;
  private final Head head;
  private long first;
  private long length;
  private long headLength;
  private boolean exists;
  private boolean dirty;
  private FileChannel channel;
  private Object identity;
  private long lastFsyncNanos;
  private volatile JournalFailure gone;

  /**
   * @param head makes the header at the beginning of a new segment
   * @param exists false if the file has yet to be made
   */
  ActiveSegment(
      Layout layout,
      Disk disk,
      TimeSource time,
      Head head,
      long first,
      long length,
      boolean exists) {
    this.layout = layout;
    this.disk = disk;
    this.time = time;
    this.head = head;
    this.first = first;
    this.length = length;
    this.exists = exists;
  }

  /** Bytes that are on the disk. */
  long length() {
    return length;
  }

  /** Bytes of it that an append brought. */
  long appended() {
    return length - headLength;
  }

  /** Whether its file is there, and with it what tells the offsets of its records. */
  boolean exists() {
    return exists;
  }

  long lastFsyncNanos() {
    return lastFsyncNanos;
  }

  /** Appends; when it returns the bytes are on the disk, when it throws none of them will be. */
  void append(ByteBuffer bytes) throws IOException {
    ready();
    notCutShort();
    long end = length + bytes.remaining();
    dirty = true;
    try {
      write(bytes);
      force();
      stillThere();
    } catch (IOException | RuntimeException error) {
      cutBack();
      throw error;
    }
    length = end;
    dirty = false;
  }

  /** Makes the file if it is not there yet, opens it, cuts off what a failure left. */
  void ready() throws IOException {
    if (!exists) {
      create();
    }
    if (channel == null) {
      open();
    }
    if (dirty) {
      notCutShort(); // which a truncation would not tell
      channel.truncate(length);
      dirty = false;
    }
  }

  /** The same, and fails if the file is not what it was when it was written to last. */
  void check() throws IOException {
    ready();
    notCutShort();
    stillThere();
  }

  /** Looks at the file while nothing is appended: {@link #gone} says what there is to say. */
  void look() {
    if (!exists) {
      return;
    }
    try {
      check();
    } catch (IOException | RuntimeException error) {
      close(); // what has the name then is looked at anew
      log.debug("{}: {}", layout.active(), error.toString());
    }
  }

  /**
   * Why the file cannot be appended to, by its name and length as they were last seen; null if they
   * are right. Any thread may ask.
   */
  JournalFailure gone() {
    return gone;
  }

  private void open() throws IOException {
    try {
      channel = disk.open(layout.active(), WRITE);
      identity = disk.identity(layout.active());
    } catch (NoSuchFileException removed) {
      close();
      throw notThere();
    }
  }

  // Before a write: behind it the file would be as long as it should be, with a hole.
  private void notCutShort() throws IOException {
    if (channel.size() < length) {
      throw notThere();
    }
  }

  // After the write is synced: before, the name could still change.
  private void stillThere() throws IOException {
    try {
      if (!Objects.equals(identity, disk.identity(layout.active()))) {
        throw notThere();
      }
    } catch (NoSuchFileException removed) {
      throw notThere();
    }
    if (gone != null) {
      gone = null;
    }
  }

  private IOException notThere() {
    IOException why =
        new FileSystemException(
            layout.active().toString(),
            null,
            "was removed, renamed or cut short while it is written to; nothing is taken into it any"
                + " more. Put it back, or start the process again, and it goes on in a new file");
    gone = JournalFailure.of(layout.dir(), why);
    return why;
  }

  /** Begins the file anew, with a new header: for one that has memos but no record yet. */
  void renew() throws IOException {
    byte[] header = head.of(first);
    disk.replace(layout.active(), header);
    close();
    length = header.length;
    headLength = header.length;
    dirty = false;
  }

  /** The file has got another name; the next one begins at {@code newFirst}. */
  void renamed(long newFirst) {
    close();
    first = newFirst;
    length = 0;
    headLength = 0;
    exists = false;
  }

  void close() {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException error) {
      log.warn("closing {}: {}", layout.active(), error.toString());
    }
    channel = null;
  }

  // State first: an empty journal with a state counts on, a fresh file without one would not.
  private void create() throws IOException {
    new State(first, first).write(disk, layout.state());
    byte[] header = head.of(first);
    try {
      channel = disk.open(layout.active(), CREATE, WRITE, TRUNCATE_EXISTING);
      identity = disk.identity(layout.active());
      Disk.writeFully(channel, ByteBuffer.wrap(header), 0);
      channel.force(false);
      disk.syncDirectory(layout.dir());
    } catch (IOException | RuntimeException error) {
      close();
      throw error;
    }
    length = header.length;
    headLength = header.length;
    exists = true;
    dirty = false;
  }

  // In pieces, as the JDK keeps a direct buffer as long as the longest write.
  private void write(ByteBuffer bytes) throws IOException {
    long at = length;
    while (bytes.hasRemaining()) {
      int piece = Math.min(WRITE_BYTES, bytes.remaining());
      Disk.writeFully(channel, bytes.slice(bytes.position(), piece), at);
      bytes.position(bytes.position() + piece);
      at += piece;
    }
  }

  private void force() throws IOException {
    long start = time.nanoTime();
    channel.force(false);
    lastFsyncNanos = time.nanoTime() - start;
  }

  // A failed fsync leaves pages of which nobody knows whether they are on the disk: a new channel,
  // the cut, and the whole commit written again are what is certain.
  private void cutBack() {
    close();
    try {
      ready();
    } catch (IOException | RuntimeException later) {
      log.debug("cut back before the next write: {}", later.toString());
    }
  }
}
