package io.spillway.batch;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * How far the server had acknowledged, in {@code acknowledged} beside the spool. Written now and
 * then and not synced: when it is behind, the server says where to go on.
 */
final class AcknowledgedPosition {
  private static final long SAVE_AFTER_MS = 1_000;

  private final Path file;
  private volatile long latest;
  private boolean due;

  AcknowledgedPosition(Path dir) {
    file = dir.resolve("acknowledged");
  }

  /** The last one saved; 1 if there is none. Blocking. */
  long load() throws IOException {
    try {
      return Long.parseLong(Files.readString(file).trim());
    } catch (NoSuchFileException | NumberFormatException e) {
      return 1;
    }
  }

  /** Will be saved soon. */
  void changed(Vertx vertx, long next) {
    latest = next;
    if (!due) {
      due = true;
      vertx.setTimer(
          SAVE_AFTER_MS,
          timer -> {
            due = false;
            vertx.executeBlocking(
                () -> {
                  save(latest);
                  return null;
                });
          });
    }
  }

  /** Blocking. */
  void save(long next) throws IOException {
    Path fresh = file.resolveSibling("acknowledged.tmp");
    Files.writeString(fresh, Long.toString(next));
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
