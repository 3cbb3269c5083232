package io.spillway.journal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compresses closed segments in the background, oldest first, one at a time. The plain file goes
 * only when the compressed one is on the disk under its name; a crash before that costs the work,
 * never a record.
 */
final class Compressor implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Compressor.class);

  private final Segments segments;
  private final Disk disk;
  private final Semaphore work = new Semaphore(1); // one look at the start
  private volatile boolean stopping;
  private volatile long compressed;

  Compressor(Segments segments, Disk disk) {
    this.segments = segments;
    this.disk = disk;
  }

  /** There may be a segment to compress. */
  void wake() {
    work.release();
  }

  void stop() {
    stopping = true;
    wake();
  }

  long compressed() {
    return compressed;
  }

  @Override
  public void run() {
    while (!stopping) {
      work.acquireUninterruptibly();
      work.drainPermits();
      compressAll();
    }
  }

  // After a failure (most often a full disk) it waits for the next closed segment to try again.
  private void compressAll() {
    Optional<Segment> plain = oldestPlain();
    while (!stopping && plain.isPresent()) {
      try {
        compress(plain.get());
      } catch (IOException error) {
        log.warn(
            "{} stays uncompressed for now: {}", plain.get().file(), JournalFailure.words(error));
        return;
      }
      plain = oldestPlain();
    }
  }

  private Optional<Segment> oldestPlain() {
    return segments.now().closed().stream().filter(closed -> !closed.isGzip()).findFirst();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
  private void compress(Segment plain) throws IOException {
    Path target = Layout.gzip(plain.file());
    Path temporary = Layout.temporary(target);
    try {
      if (!write(plain.file(), temporary)) {
        return;
      }
      Files.setLastModifiedTime(temporary, Files.getLastModifiedTime(plain.file()));
      Segment packed = plain.at(target, Files.size(temporary));
      if (segments.replace(plain, packed, () -> disk.move(temporary, target))) {
        disk.syncDirectory(target.getParent());
        disk.delete(plain.file());
        compressed++;
      }
    } catch (NoSuchFileException released) {
      log.debug("released before it was compressed: {}", plain.file());
      if (segments.settled().has(plain)) {
        throw released;
      }
    } finally {
      disk.delete(temporary);
    }
  }

  /** False if stopped half-way. */
  private boolean write(Path from, Path to) throws IOException {
    try (var in = Files.newInputStream(from);
        FileChannel file =
            disk.open(
                to,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
      OutputStream sink = new BufferedOutputStream(Channels.newOutputStream(file), 64 << 10);
      GZIPOutputStream out = new GZIPOutputStream(sink, 64 << 10);
      byte[] block = new byte[64 << 10];
      for (int read = in.read(block); read >= 0; read = in.read(block)) {
        if (stopping) {
          return false;
        }
        out.write(block, 0, read);
      }
      out.finish();
      sink.flush();
      file.force(false);
      return true;
    }
  }
}
