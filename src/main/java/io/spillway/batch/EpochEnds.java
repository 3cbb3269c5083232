package io.spillway.batch;

import io.spillway.journal.Damages;
import io.spillway.journal.StateFile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;

/**
 * How far the numbers of each epoch went that was put aside, in {@code ends.json} beside the spool:
 * its directory goes when the rest of it is sent, and {@code verify} has to know still what is
 * lost, also where a server's data are put back from an earlier backup.
 *
 * <pre>
 *   {"ends":{"attic.3f9a1c2e":{"end":521,"certain":true}},"crc32c":"9c1185a5"}   520 was the last
 * </pre>
 *
 * <p>Bounded: of more than {@value #EPOCHS_MAX} the oldest are forgotten, and counted in {@code
 * forgotten}.
 */
final class EpochEnds {
  private static final int EPOCHS_MAX = 100;
  private static final String FILE = "ends.json";
  private static final String ENDS = "ends";
  private static final String FORGOTTEN = "forgotten";

  private EpochEnds() {}

  /** Moves the file to the quarantine if it is damaged, and tells it. Blocking. */
  static void check(Path dir, Damages damages) throws IOException {
    read(dir, damages);
  }

  /**
   * Notes of an epoch that what waits of it has other numbers now: which of its own are nowhere
   * nobody can tell any more, but of those that were acknowledged. Does nothing if its end is not
   * noted. Blocking.
   *
   * @param acknowledged below it a server had everything, as is known for certain
   */
  static void renumbered(Path dir, String epoch, long acknowledged, Damages damages)
      throws IOException {
    JsonObject said = read(dir, damages);
    JsonObject ends = said.getJsonObject(ENDS);
    for (String known : ends.fieldNames()) {
      if (known.endsWith("." + epoch)) {
        ends.put(known, end(acknowledged, false));
        write(dir, said);
      }
    }
  }

  /**
   * Notes one more. On disk when this returns. Blocking.
   *
   * @param end the lowest number that was not given out, as far as is known, or that has gone under
   *     another one
   * @param certain whether it is known how far they went
   */
  static void note(Path dir, SpoolIdentity epoch, long end, boolean certain, Damages damages)
      throws IOException {
    if (end == 1 && certain) {
      return; // nothing of it has to be anywhere
    }
    JsonObject said = read(dir, damages);
    JsonObject ends = said.getJsonObject(ENDS);
    ends.remove(epoch.toString()); // the latest stands last
    while (ends.size() >= EPOCHS_MAX) { // by another version, or by hand, there may be more
      ends.remove(ends.fieldNames().iterator().next());
      said.put(FORGOTTEN, said.getLong(FORGOTTEN, 0L) + 1);
    }
    ends.put(epoch.toString(), end(end, certain));
    write(dir, said);
  }

  private static JsonObject end(long end, boolean certain) {
    return new JsonObject().put("end", end).put("certain", certain);
  }

  private static void write(Path dir, JsonObject said) throws IOException {
    StateFile.write(dir.resolve(FILE), said.encode());
  }

  private static JsonObject read(Path dir, Damages damages) throws IOException {
    String otherwise = "verify does not know of the records that older epochs have lost";
    return StateFile.read(dir.resolve(FILE), EpochEnds::parse, false, otherwise, damages)
        .map(StateFile.Content::value)
        .orElseGet(() -> new JsonObject().put(ENDS, new JsonObject()));
  }

  private static JsonObject parse(String text) {
    JsonObject said = new JsonObject(text);
    return new JsonObject()
        .put(ENDS, said.getJsonObject(ENDS).copy())
        .put(FORGOTTEN, said.getLong(FORGOTTEN, 0L));
  }
}
