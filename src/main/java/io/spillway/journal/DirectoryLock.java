package io.spillway.journal;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One journal per directory. The operating system frees the lock when the process dies, so a file
 * left behind by a crash locks nobody out.
 */
final class DirectoryLock implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(DirectoryLock.class);

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  static DirectoryLock take(Path file) throws IOException {
    FileKind.check(file);
    FileChannel channel = FileChannel.open(file, CREATE, WRITE);
    try {
      if (!locked(channel)) {
        throw new JournalLockedException(
            file.getParent(),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip());
      }
      String pid = ProcessHandle.current().pid() + "\n";
      note(channel, pid);
      return new DirectoryLock(channel);
    } catch (IOException error) {
      channel.close();
      throw error;
    }
  }

  // For people only: a full disk that does not take it is no reason not to start.
  private static void note(FileChannel channel, String pid) {
    try {
      channel.truncate(0);
      Disk.writeFully(channel, ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
    } catch (IOException full) {
      log.debug("lock without a pid: {}", full.toString());
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
