package io.spillway.batch;

import io.spillway.journal.SmallFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * That a server has acknowledged records of this epoch, in {@code acknowledged.epoch} beside the
 * spool: from then on a server that gives no acknowledgements is not believed by itself.
 */
final class AcknowledgedEpoch {
  private final Path file;

  AcknowledgedEpoch(Path dir) {
    file = dir.resolve("acknowledged.epoch");
  }

  /** Whether it was; an empty file, as a damaged one may be, says so of any epoch. Blocking. */
  boolean is(String epoch) throws IOException {
    try {
      String known = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).trim();
      return known.isEmpty() || known.equals(epoch);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** On disk when this returns. Blocking. */
  void remember(String epoch) throws IOException {
    SmallFile.replace(file, epoch + '\n');
  }
}
