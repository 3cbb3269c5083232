package io.spillway.kit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A tmpfs of a few megabytes: a disk that really gets full. Needs root. */
public final class TinyDisk implements AutoCloseable {
  private static final int BLOCK = 4096;

  private final Path dir;
  private final Path ballast;

  TinyDisk(Path dir, int megabytes) {
    this.dir = dir;
    this.ballast = dir.resolve("ballast");
    command("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", dir.toString());
  }

  /** Where it is mounted. */
  public Path dir() {
    return dir;
  }

  /** Bytes still free. */
  public long free() {
    try {
      return Files.getFileStore(dir).getUsableSpace();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** Takes all space that is left. */
  public void fill() {
    try (OutputStream out =
        Files.newOutputStream(
            ballast,
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.APPEND)) {
      while (true) {
        out.write(new byte[BLOCK]);
      }
    } catch (IOException full) {
      if (free() >= BLOCK) {
        throw new UncheckedIOException(full);
      }
    }
  }

  /** Gives back what {@link #fill} took. */
  public void empty() {
    try {
      Files.deleteIfExists(ballast);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** Makes it larger, what is on it stays. */
  public void grow(int megabytes) {
    command("mount", "-o", "remount,size=" + megabytes + "m", dir.toString());
  }

  /** Copies what is on it to {@code directory}, which stays when it is gone. */
  public void keep(Path directory) {
    command("cp", "-a", dir.toString(), directory.toString());
  }

  @Override
  public void close() {
    command("umount", dir.toString());
  }

  private void command(String... command) {
    Path log = dir.resolveSibling(dir.getFileName() + "-mount");
    try {
      Files.createDirectories(dir);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    Proc proc = Proc.run("mount", log, Map.of(), List.of(command));
    if (proc.exitCode() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + proc.output());
    }
  }
}
