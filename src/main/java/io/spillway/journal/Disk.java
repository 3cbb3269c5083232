package io.spillway.journal;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is asked of the file system to write, rename and delete whatever is to be there after a
 * crash: nobody else does it. A test puts faults in here, or a file system below that forgets what
 * was not synced.
 */
public class Disk {
  /** That of the machine. */
  public static final Disk REAL = new Disk();

  private static final Logger log = LoggerFactory.getLogger(Disk.class);

  Disk() {}

  /** Only a file: whoever opens a FIFO waits for another one to do so. */
  public FileChannel open(Path file, OpenOption... options) throws IOException {
    FileKind.check(file);
    return openAny(file, options);
  }

  /** The same whatever it is: a link may lead to a device on purpose. */
  FileChannel openAny(Path file, OpenOption... options) throws IOException {
    return FileChannel.open(file, options);
  }

  /** A name that was made, changed or removed survives a power cut only after this. */
  public void syncDirectory(Path dir) throws IOException {
    try (FileChannel channel = FileChannel.open(dir, READ)) {
      channel.force(true);
    }
  }

  /** Which file a name leads to now; null where the file system cannot tell. */
  Object identity(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /** In one step, over what is there. */
  public void move(Path from, Path to) throws IOException {
    Files.move(from, to, ATOMIC_MOVE);
  }

  /** Succeeds if it was gone already. */
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /** All or nothing: after a crash the file has either its old or its new content. */
  void replace(Path file, byte[] content) throws IOException {
    Path temporary = Layout.temporary(file);
    String kind = FileKind.fault(temporary);
    if (!kind.isEmpty()) {
      Path kept = Quarantine.move(this, temporary);
      log.warn("{}: {}, and a file is needed there; kept as {}", temporary, kind, kept);
    }
    try (FileChannel channel = open(temporary, CREATE, WRITE, TRUNCATE_EXISTING)) {
      writeFully(channel, ByteBuffer.wrap(content), 0);
      channel.force(false);
    } catch (IOException error) {
      throw named(file, error);
    }
    move(temporary, file);
    syncDirectory(file.toAbsolutePath().getParent());
  }

  /**
   * Makes a directory and those above it that are missing. A name is on the disk only when the
   * directory that has it is synced, so that of each one made is, and that of the lowest one that
   * is there: a start before this one may have come no further than to make it.
   */
  public void makeDirectories(Path dir) throws IOException {
    Path absolute = dir.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (Files.isDirectory(absolute)) {
      if (parent != null && Files.isReadable(parent)) {
        syncDirectory(parent);
      }
      return;
    }
    if (parent != null) {
      makeDirectories(parent);
    }
    try {
      Files.createDirectory(absolute);
    } catch (FileAlreadyExistsException madeMeanwhile) {
      if (!Files.isDirectory(absolute)) {
        throw madeMeanwhile;
      }
    }
    syncDirectory(parent);
  }

  /** The same error with the name of the file, which a channel does not know. */
  static IOException named(Path file, IOException error) {
    if (error instanceof FileSystemException) {
      return error;
    }
    FileSystemException named =
        new FileSystemException(file.toString(), null, String.valueOf(error.getMessage()));
    named.initCause(error);
    return named;
  }

  /** All of it, from {@code position} on. */
  public static void writeFully(FileChannel channel, ByteBuffer bytes, long position)
      throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }
}
