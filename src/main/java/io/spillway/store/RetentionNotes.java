package io.spillway.store;

import io.spillway.journal.Damages;
import io.spillway.journal.DeletionNotes;
import io.spillway.journal.JournalFailure;
import io.spillway.journal.StateFile;
import io.spillway.journal.StateFile.Content;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What retention has deleted of the journal, in {@code <name>.deleted.json} beside it: {@code
 * verify} must take neither for loss what was to be deleted, nor for deleted what was lost.
 *
 * <pre>
 *   {"from":1,"below":4001,"crc32c":"9c1185a5"}   all that was deleted from offset 1 on: 1 to 4000
 * </pre>
 */
final class RetentionNotes implements DeletionNotes {
  private static final Logger log = LoggerFactory.getLogger(RetentionNotes.class);

  private final Path file;

  /** All that retention deletes from this offset on is noted; 0 while it is not known. */
  private long from;

  private long below;

  /** Whether what is here is not on disk. */
  private boolean unsaved;

  private RetentionNotes(Path file) {
    this.file = file;
  }

  /** What was noted; a file that is damaged is begun anew. Blocking. */
  static RetentionNotes read(Path dir, String name, Damages damages) throws IOException {
    RetentionNotes notes = new RetentionNotes(dir.resolve(name + ".deleted.json"));
    String otherwise = "what retention had deleted is not known any more";
    Optional<Content<JsonObject>> said =
        StateFile.read(notes.file, RetentionNotes::parse, false, otherwise, damages);
    said.ifPresent(
        content -> {
          notes.from = content.value().getLong("from");
          notes.below = content.value().getLong("below");
        });
    return notes;
  }

  private static JsonObject parse(String text) {
    JsonObject json = new JsonObject(text);
    if (json.getLong("from") < 1 || json.getLong("below") < 1) {
      throw new IllegalArgumentException("has no offsets");
    }
    return json;
  }

  /**
   * The journal is open. Blocking; a disk that takes nothing now does not keep it from going on.
   *
   * @param first the lowest offset that it holds
   * @param next the one that the next record gets
   */
  synchronized void begin(long first, long next) {
    if (from > 0 && next > 1 && below <= first) {
      return; // what has gone beyond it, nothing explains
    }
    from = from > 0 && next > 1 ? from : first;
    below = first; // also where it was noted further, and a crash came before it went
    try {
      save();
    } catch (IOException error) {
      log.warn("[store] {}: {}", file, JournalFailure.words(error));
    }
  }

  @Override
  public synchronized void deleting(long first, long next) throws IOException {
    long fromBefore = from;
    long belowBefore = below;
    deletingForRoom(first, next);
    try {
      save();
    } catch (IOException error) {
      from = fromBefore;
      below = belowBefore;
      throw error;
    }
  }

  @Override
  public synchronized void deletingForRoom(long first, long next) {
    from = from == 0 || first > below ? first : from; // no note covers what has gone without one
    below = next;
    unsaved = true;
  }

  @Override
  public synchronized void deleted() throws IOException {
    if (unsaved) {
      save();
    }
  }

  private void save() throws IOException {
    unsaved = true;
    StateFile.write(file, new JsonObject().put("from", from).put("below", below).encode());
    unsaved = false;
  }
}
