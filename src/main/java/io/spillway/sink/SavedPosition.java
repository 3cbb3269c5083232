package io.spillway.sink;

import io.spillway.journal.SmallFile;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a sink has come, in {@code sinks/<name>/position.json} beside the journal, for a database
 * that cannot keep it itself. All methods block.
 */
final class SavedPosition {
  private static final Logger log = LoggerFactory.getLogger(SavedPosition.class);

  private final Path file;

  /**
   * @param journalDir the directory of the journal
   * @param name of the sink
   */
  SavedPosition(Path journalDir, String name) {
    file = journalDir.resolve("sinks").resolve(name).resolve("position.json");
  }

  /** The offset to go on from in {@code journal}; 0 if there is none, or if it is of another. */
  long load(String journal) throws IOException {
    try {
      JsonObject json = new JsonObject(Files.readString(file));
      return journal.equals(json.getString("journal")) ? Math.max(0, json.getLong("next", 0L)) : 0;
    } catch (NoSuchFileException first) {
      return 0;
    } catch (DecodeException | ClassCastException unreadable) {
      log.warn("{} is unreadable; the journal is written from its beginning", file);
      return 0;
    }
  }

  /** On disk when this returns. */
  void save(String journal, long next) throws IOException {
    Files.createDirectories(file.getParent());
    SmallFile.replace(
        file, new JsonObject().put("journal", journal).put("next", next).encode() + "\n");
  }
}
