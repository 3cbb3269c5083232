package io.spillway.batch;

import io.spillway.journal.Damages;
import io.spillway.journal.StateFile;
import io.spillway.journal.StateFile.Content;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * That a server has acknowledged records of this epoch, in {@code acknowledged.epoch} beside the
 * spool: from then on a server that gives no acknowledgements is not believed by itself.
 */
final class AcknowledgedEpoch {
  private final Path file;

  AcknowledgedEpoch(Path dir) {
    file = dir.resolve("acknowledged.epoch");
  }

  /** Whether it was; where the file is damaged, it counts as if it was. Blocking. */
  boolean is(String epoch) throws IOException {
    Damages damages = new Damages();
    Optional<Content<String>> said =
        StateFile.read(
            file,
            text -> new JsonObject(text).getString("epoch"),
            false,
            "a server that gives no acknowledgements is not believed by itself",
            damages);
    if (said.isEmpty() && !damages.words().isEmpty()) {
      remember(epoch);
      return true;
    }
    return said.isPresent() && epoch.equals(said.get().value());
  }

  /** On disk when this returns. Blocking. */
  void remember(String epoch) throws IOException {
    StateFile.write(file, new JsonObject().put("epoch", epoch).encode());
  }
}
