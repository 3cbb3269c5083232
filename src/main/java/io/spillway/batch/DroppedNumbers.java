package io.spillway.batch;

import io.spillway.journal.Damages;
import io.spillway.journal.DeletionNotes;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalFailure;
import io.spillway.journal.StateFile;
import io.spillway.journal.StateFile.Content;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which numbers {@code whenFull: dropOldest} has dropped that no server had acknowledged, in {@code
 * dropped.json} beside the spool, for each of its epochs: on disk before they go, so that {@code
 * verify} can tell them from those that are lost.
 *
 * <pre>
 *   {"epochs":{"attic.3f9a1c2e":{"from":1,"ranges":[501,801]}},"crc32c":"9c1185a5"}   501 to 800
 * </pre>
 *
 * <p>Every drop is noted from the number {@code from} on. Bounded: of more ranges, and more epochs,
 * the oldest are forgotten, and {@code from} says so.
 */
final class DroppedNumbers implements DeletionNotes {
  static final int RANGES_MAX = 1_000;
  private static final int EPOCHS_MAX = 50;
  private static final Logger log = LoggerFactory.getLogger(DroppedNumbers.class);
  private static final String FILE = "dropped.json";

  /** Of one epoch: first and behind the last of each range, in order. */
  private record Noted(long from, List<Long> bounds) {
    Noted with(long first, long next) {
      List<Long> more = new ArrayList<>(bounds);
      int last = more.size() - 1;
      if (last > 0 && more.get(last) >= first) {
        more.set(last, Math.max(more.get(last), next));
      } else {
        more.addAll(List.of(first, next));
      }
      boolean tooMany = more.size() > 2 * RANGES_MAX;
      return tooMany ? new Noted(more.get(1), more.subList(2, more.size())) : new Noted(from, more);
    }

    JsonObject json() {
      return new JsonObject().put("from", from).put("ranges", new JsonArray(bounds));
    }
  }

  private final Path file;
  private final Map<String, Noted> epochs = new LinkedHashMap<>();
  private String epoch;

  private DroppedNumbers(Path dir) {
    file = dir.resolve(FILE);
  }

  /** What was noted in {@code dir}; a file that is damaged is begun anew. Blocking. */
  static DroppedNumbers read(Path dir, Damages damages) throws IOException {
    DroppedNumbers dropped = new DroppedNumbers(dir);
    String otherwise = "which numbers were dropped is not known any more";
    Optional<Content<Map<String, Noted>>> said =
        StateFile.read(dropped.file, DroppedNumbers::parse, false, otherwise, damages);
    said.ifPresent(content -> dropped.epochs.putAll(content.value()));
    return dropped;
  }

  private static Map<String, Noted> parse(String text) {
    JsonObject all = new JsonObject(text).getJsonObject("epochs");
    Map<String, Noted> epochs = new LinkedHashMap<>();
    for (String name : all.fieldNames()) {
      JsonObject one = all.getJsonObject(name);
      List<Long> bounds = new ArrayList<>();
      one.getJsonArray("ranges").forEach(bound -> bounds.add(((Number) bound).longValue()));
      epochs.put(name, new Noted(one.getLong("from"), bounds));
    }
    return epochs;
  }

  /**
   * From now on this epoch drops. Blocking; a disk that takes nothing now does not keep it from
   * going on.
   */
  synchronized void begin(SpoolIdentity identity, Journal journal) {
    epoch = identity.toString();
    if (epochs.containsKey(epoch)) {
      return;
    }
    if (epochs.size() >= EPOCHS_MAX) {
      epochs.remove(epochs.keySet().iterator().next());
    }
    epochs.put(epoch, new Noted(journal.first(), List.of()));
    try {
      save();
    } catch (IOException error) {
      log.warn("[spool] not noted: {}", JournalFailure.words(error));
    }
  }

  @Override
  public synchronized void deleting(long first, long next) throws IOException {
    if (epoch != null) { // nothing is dropped before it is known whose it is
      epochs.computeIfPresent(epoch, (of, noted) -> noted.with(first, next));
      save();
    }
  }

  private void save() throws IOException {
    JsonObject all = new JsonObject();
    epochs.forEach((name, noted) -> all.put(name, noted.json()));
    StateFile.write(file, new JsonObject().put("epochs", all).encode());
  }
}
