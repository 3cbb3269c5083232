package io.spillway.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** The real disk, until a test says otherwise. */
final class FaultyDisk extends Disk {
  /** Bytes that still fit; a write beyond writes what fits and fails, as ENOSPC does. */
  volatile long room = Long.MAX_VALUE;

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
    return new Channel(super.open(file, options));
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

  private final class Channel extends FileChannel {
    private final FileChannel real;

    Channel(FileChannel real) {
      this.real = real;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    public int write(ByteBuffer bytes, long position) throws IOException {
      if (room >= bytes.remaining()) {
        room -= bytes.remaining();
        return real.write(bytes, position);
      }
      if (room > 0) {
        real.write(bytes.slice(bytes.position(), (int) room), position);
        room = 0;
      }
      throw new IOException("No space left on device");
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int written = write(bytes, real.position());
      real.position(real.position() + written);
      return written;
    }

    @Override
    public void force(boolean metaData) throws IOException {
      if (failForce) {
        throw new IOException("Input/output error");
      }
      real.force(metaData);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      if (failTruncate) {
        throw new IOException("Input/output error");
      }
      real.truncate(size);
      return this;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // the writer asks
    public long size() throws IOException {
      looks++;
      return real.size();
    }

    @Override
    public long position() throws IOException {
      return real.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
      real.position(position);
      return this;
    }

    @Override
    protected void implCloseChannel() throws IOException {
      real.close();
    }

    @Override
    public int read(ByteBuffer into) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer into, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }
  }
}
