package io.spillway.sink;

import io.spillway.journal.Damages;
import io.spillway.journal.StateFile;
import io.spillway.journal.StateFile.Content;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;

/**
 * How far a sink has come, in {@code sinks/<name>/position.json} beside the journal, for a database
 * that cannot keep it itself. All methods block.
 */
final class SavedPosition {
  private final Path file;
  private final Damages damages;

  /**
   * @param journalDir the directory of the journal
   * @param name of the sink
   * @param damages is told if the file is damaged
   */
  SavedPosition(Path journalDir, String name, Damages damages) {
    this.damages = damages;
    file = journalDir.resolve("sinks").resolve(name).resolve("position.json");
  }

  /**
   * The offset to go on from in {@code journal}; 0 if there is none, or if it is of another. A
   * damaged file counts as none: what is written again changes nothing.
   */
  long load(String journal) throws IOException {
    return StateFile.read(
            file,
            text -> next(new JsonObject(text), journal),
            true,
            "the journal is written again from its beginning, which changes nothing",
            damages)
        .map(Content::value)
        .orElse(0L);
  }

  private static long next(JsonObject json, String journal) {
    return journal.equals(json.getString("journal")) ? Math.max(0, json.getLong("next")) : 0;
  }

  /** On disk when this returns. */
  void save(String journal, long next) throws IOException {
    StateFile.write(file, new JsonObject().put("journal", journal).put("next", next).encode());
  }
}
