package io.spillway.batch;

import io.spillway.journal.Damages;
import io.spillway.journal.StateFile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;

/**
 * How far the numbers of an epoch went that was put aside since that was in doubt, in {@code
 * ends.json} beside the spool: its directory goes when the rest of it is sent, and {@code verify}
 * has to know still what is lost.
 *
 * <pre>
 *   {"ends":{"attic.3f9a1c2e":{"end":521,"certain":true}},"crc32c":"9c1185a5"}   520 was the last
 * </pre>
 */
final class EpochEnds {
  private static final int EPOCHS_MAX = 100;
  private static final String FILE = "ends.json";

  private EpochEnds() {}

  /** Moves the file to the quarantine if it is damaged, and tells it. Blocking. */
  static void check(Path dir, Damages damages) throws IOException {
    read(dir, damages);
  }

  /**
   * Notes of an epoch that what waits of it has other numbers now: which of its own are nowhere
   * nobody can tell any more. Does nothing if its end is not noted. Blocking.
   */
  static void renumbered(Path dir, String epoch, Damages damages) throws IOException {
    JsonObject ends = read(dir, damages);
    for (String known : ends.fieldNames()) {
      if (known.endsWith("." + epoch)) {
        ends.put(known, end(1, false));
        write(dir, ends);
      }
    }
  }

  /**
   * Notes one more; of too many the oldest is forgotten. On disk when this returns. Blocking.
   *
   * @param end the lowest number that was not given out, as far as is known
   * @param certain whether it is known how far they went
   */
  static void note(Path dir, SpoolIdentity epoch, long end, boolean certain, Damages damages)
      throws IOException {
    JsonObject ends = read(dir, damages);
    if (ends.size() >= EPOCHS_MAX && !ends.containsKey(epoch.toString())) {
      ends.remove(ends.fieldNames().iterator().next());
    }
    ends.put(epoch.toString(), end(end, certain));
    write(dir, ends);
  }

  private static JsonObject end(long end, boolean certain) {
    return new JsonObject().put("end", end).put("certain", certain);
  }

  private static void write(Path dir, JsonObject ends) throws IOException {
    StateFile.write(dir.resolve(FILE), new JsonObject().put("ends", ends).encode());
  }

  private static JsonObject read(Path dir, Damages damages) throws IOException {
    String otherwise = "verify does not know of the records that older epochs have lost";
    return StateFile.read(dir.resolve(FILE), EpochEnds::parse, false, otherwise, damages)
        .map(StateFile.Content::value)
        .orElseGet(JsonObject::new);
  }

  private static JsonObject parse(String text) {
    return new JsonObject(text).getJsonObject("ends").copy();
  }
}
