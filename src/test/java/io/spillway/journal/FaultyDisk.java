package io.spillway.journal;

import io.spillway.disk.PassingChannel;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/** The real disk, until a test says otherwise. */
final class FaultyDisk extends Disk {
  /** Bytes that still fit; a write beyond writes what fits and fails, as ENOSPC does. */
  volatile long room = Long.MAX_VALUE;

  /** By which files are dated that are written; null for that of the machine. */
  volatile TimeSource clock;

  volatile boolean failForce;
  volatile boolean failTruncate;
  volatile boolean failOpen;
  volatile boolean failMove;
  volatile boolean failDelete;
  volatile int opened;

  /** How often it was asked what became of a file. */
  volatile int looks;

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread opens at a time
  public FileChannel open(Path file, OpenOption... options) throws IOException {
    if (failOpen) {
      throw new IOException("Read-only file system");
    }
    opened++;
    return new Channel(super.open(file, options), file);
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // the writer asks
  Object identity(Path file) throws IOException {
    looks++;
    return super.identity(file);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    if (failMove) {
      throw new IOException("Input/output error");
    }
    super.move(from, to);
  }

  @Override
  public void delete(Path file) throws IOException {
    if (failDelete) {
      throw new IOException("Permission denied");
    }
    super.delete(file);
  }

  private final class Channel extends PassingChannel {
    private final Path file;

    Channel(FileChannel real, Path file) {
      super(real);
      this.file = file;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    public int write(ByteBuffer bytes, long position) throws IOException {
      if (room >= bytes.remaining()) {
        room -= bytes.remaining();
        int written = real().write(bytes, position);
        date();
        return written;
      }
      if (room > 0) {
        real().write(bytes.slice(bytes.position(), (int) room), position);
        date();
        room = 0;
      }
      throw new IOException("No space left on device");
    }

    private void date() throws IOException {
      if (clock != null && Files.exists(file)) {
        Files.setLastModifiedTime(file, FileTime.fromMillis(clock.wallMs()));
      }
    }

    @Override
    public void force(boolean metaData) throws IOException {
      if (failForce) {
        throw new IOException("Input/output error");
      }
      real().force(metaData);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      if (failTruncate) {
        throw new IOException("Input/output error");
      }
      real().truncate(size);
      date();
      return this;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // the writer asks
    public long size() throws IOException {
      looks++;
      return super.size();
    }
  }
}
