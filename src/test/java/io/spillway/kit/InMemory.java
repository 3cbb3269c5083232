package io.spillway.kit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Temporary directories in memory, where the machine has such: for many small files, made anew. */
public final class InMemory implements TempDirFactory {
  private static final Path SHARED = Path.of("/dev/shm");

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test)
      throws Exception {
    return Files.isDirectory(SHARED) && Files.isWritable(SHARED)
        ? Files.createTempDirectory(SHARED, "spillway")
        : Files.createTempDirectory("spillway");
  }
}
