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
 *   {"epochs":{"attic.3f9a1c2e":{"from":1,"ranges":[501,801],"undecided":701}},"crc32c":"9c1185a5"}
 * </pre>
 *
 * <p>501 to 800 were dropped. What was under way then, the server may have all the same: from
 * {@code undecided} on that is not known, until it says up to where it has everything. What it has
 * is taken out, on disk before anything is let go of that it acknowledges with it; so what was once
 * acknowledged never counts as dropped, also where the server's data are put back from a backup.
 *
 * <p>Every drop is noted from the number {@code from} on. Bounded: of more ranges, and more epochs,
 * the oldest are forgotten, and {@code from} says so.
 */
final class DroppedNumbers implements DeletionNotes {
  static final int RANGES_MAX = 1_000;

  /** In the place of a number: the fate of all is known. */
  static final long DECIDED = Long.MAX_VALUE;

  private static final int EPOCHS_MAX = 50;
  private static final Logger log = LoggerFactory.getLogger(DroppedNumbers.class);
  private static final String FILE = "dropped.json";
  private static final String UNDECIDED = "undecided";

  /** Of one epoch: first and behind the last of each range, in order. */
  private record Noted(long from, List<Long> bounds, long undecided) {
    Noted with(long first, long next) {
      List<Long> more = new ArrayList<>(bounds);
      int last = more.size() - 1;
      if (last > 0 && more.get(last) >= first) {
        more.set(last, Math.max(more.get(last), next));
      } else {
        more.addAll(List.of(first, next));
      }
      boolean tooMany = more.size() > 2 * RANGES_MAX;
      long open = Math.min(undecided, first);
      return tooMany
          ? new Noted(more.get(1), more.subList(2, more.size()), open)
          : new Noted(from, more, open);
    }

    /**
     * Of what is undecided the server has what is below {@code stored}, and nothing from there to
     * {@code decided}.
     */
    Noted settled(long stored, long decided) {
      List<Long> left = new ArrayList<>();
      for (int i = 0; i < bounds.size(); i += 2) {
        keep(left, bounds.get(i), Math.min(bounds.get(i + 1), undecided));
        keep(left, Math.max(bounds.get(i), Math.max(stored, undecided)), bounds.get(i + 1));
      }
      boolean all = left.isEmpty() || left.get(left.size() - 1) <= decided;
      return new Noted(from, left, all ? DECIDED : Math.max(undecided, decided));
    }

    private static void keep(List<Long> into, long first, long next) {
      int last = into.size() - 1;
      if (first < next && last > 0 && into.get(last) == first) {
        into.set(last, next);
      } else if (first < next) {
        into.addAll(List.of(first, next));
      }
    }

    /** Behind the last that is known to be dropped, of those below {@code next}. */
    long decidedEnd(long next) {
      long end = from;
      for (int i = 0; i < bounds.size() && bounds.get(i) < Math.min(next, undecided); i += 2) {
        end = Math.min(bounds.get(i + 1), Math.min(next, undecided));
      }
      return end;
    }

    JsonObject json() {
      JsonObject json = new JsonObject().put("from", from).put("ranges", new JsonArray(bounds));
      return undecided == DECIDED ? json : json.put(UNDECIDED, undecided);
    }
  }

  private final Path file;
  private final Map<String, Noted> epochs = new LinkedHashMap<>();
  private String epoch;

  /** Below it a server has everything, as it has said itself. */
  private long assured = 1;

  private DroppedNumbers(Path dir) {
    file = dir.resolve(FILE);
  }

  /** Of an epoch that drops nothing: it notes nothing. */
  static DroppedNumbers none() {
    return new DroppedNumbers(Path.of(""));
  }

  /**
   * What was noted in {@code dir} of an epoch that drops nothing more: the server is not asked for
   * it any more. Blocking.
   */
  static DroppedNumbers older(Path dir, SpoolIdentity identity, Damages damages)
      throws IOException {
    Noted noted = read(dir, damages).epochs.get(String.valueOf(identity));
    DroppedNumbers older = none();
    if (noted != null) {
      older.epoch = identity.toString();
      older.epochs.put(older.epoch, new Noted(noted.from, noted.bounds, DECIDED));
    }
    return older;
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
      epochs.put(name, new Noted(one.getLong("from"), bounds, one.getLong(UNDECIDED, DECIDED)));
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
    epochs.put(epoch, new Noted(journal.first(), List.of(), DECIDED));
    try {
      save();
    } catch (IOException error) {
      log.warn("[spool] not noted: {}", JournalFailure.words(error));
    }
  }

  @Override
  public synchronized void deleting(long first, long next) throws IOException {
    long from = Math.max(first, assured); // acknowledged meanwhile: let go of, and not dropped
    if (epoch != null && from < next) { // nothing is dropped before it is known whose it is
      epochs.computeIfPresent(epoch, (of, noted) -> noted.with(from, next));
      save();
    }
  }

  /** A server has everything below, as it has said itself. */
  synchronized void assured(long next) {
    assured = Math.max(assured, next);
  }

  /**
   * The lowest number of which it is not known whether the server has it, though it was dropped;
   * {@link #DECIDED} if there is none.
   */
  synchronized long undecided() {
    return epoch == null || !epochs.containsKey(epoch) ? DECIDED : epochs.get(epoch).undecided;
  }

  /**
   * Below this number, and in front of {@code assured}, there may be some that were dropped; from
   * there on to {@code assured} there is none.
   */
  synchronized long droppedBelow(long assured) {
    return epoch == null || !epochs.containsKey(epoch) ? 1 : epochs.get(epoch).decidedEnd(assured);
  }

  /**
   * The server has said which of the undecided ones it has. On disk when this returns. Blocking.
   *
   * @param stored it has all below
   * @param decided of those from {@code stored} to in front of this one it has none; {@code stored}
   *     where it may have some yet
   * @throws IOException if it could not be put down; it is with what is put down next
   */
  synchronized void settle(long stored, long decided) throws IOException {
    epochs.computeIfPresent(epoch, (of, noted) -> noted.settled(stored, decided));
    save();
  }

  private void save() throws IOException {
    JsonObject all = new JsonObject();
    epochs.forEach((name, noted) -> all.put(name, noted.json()));
    StateFile.write(file, new JsonObject().put("epochs", all).encode());
  }
}
