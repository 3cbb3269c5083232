package io.spillway.journal;

import java.io.IOException;
import java.nio.file.Path;

/** Makes directories that are there after a power cut as well. */
public final class Directories {
  private Directories() {}

  /** Makes {@code dir} and those above it that are missing; on disk when this returns. */
  public static void make(Path dir) throws IOException {
    Disk.REAL.makeDirectories(dir);
  }

  /** Puts names on the disk that were made, changed or removed in {@code dir}. */
  public static void sync(Path dir) throws IOException {
    Disk.REAL.syncDirectory(dir);
  }
}
