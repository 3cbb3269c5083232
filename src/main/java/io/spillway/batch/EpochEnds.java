package io.spillway.batch;

import io.spillway.journal.Damages;
import io.spillway.journal.StateFile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;

/**
 * How far the numbers of an epoch went whose last records are lost, in {@code ends.json} beside the
 * spool: its directory goes when the rest of it is sent, and {@code verify} has to know of them
 * still.
 *
 * <pre>
 *   {"ends":{"attic.3f9a1c2e":521},"crc32c":"9c1185a5"}   the last number given out was 520
 * </pre>
 */
final class EpochEnds {
  private static final int EPOCHS_MAX = 100;
  private static final String FILE = "ends.json";

  private EpochEnds() {}

  /**
   * Notes one more; of too many the oldest is forgotten. On disk when this returns. Blocking.
   *
   * @param end the lowest number that was not given out
   */
  static void note(Path dir, SpoolIdentity epoch, long end, Damages damages) throws IOException {
    String otherwise = "verify does not know of the records that older epochs have lost";
    JsonObject ends =
        StateFile.read(dir.resolve(FILE), EpochEnds::parse, false, otherwise, damages)
            .map(StateFile.Content::value)
            .orElseGet(JsonObject::new);
    if (ends.size() >= EPOCHS_MAX) {
      ends.remove(ends.fieldNames().iterator().next());
    }
    ends.put(epoch.toString(), end);
    StateFile.write(dir.resolve(FILE), new JsonObject().put("ends", ends).encode());
  }

  private static JsonObject parse(String text) {
    return new JsonObject(text).getJsonObject("ends").copy();
  }
}
