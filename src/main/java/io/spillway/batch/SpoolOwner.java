package io.spillway.batch;

import io.spillway.journal.StateFile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whose a spool is, read beside the process that has it open: nothing is moved or mended. */
public final class SpoolOwner {
  private static final long BYTES_MAX = 65_536;

  private SpoolOwner() {}

  /** The edge's name; empty if the spool does not say. Blocking. */
  public static Optional<String> edgeOf(Path dir) {
    Path file = dir.resolve(SpoolIdentity.FILE);
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > BYTES_MAX) {
        return Optional.empty();
      }
      String json = StateFile.open(Files.readAllBytes(file)).json();
      return Optional.ofNullable(new JsonObject(json).getString("edge"));
    } catch (IOException | RuntimeException unknown) {
      return Optional.empty(); // whoever opens it finds out why, and mends it
    }
  }
}
