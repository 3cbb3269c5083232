package io.spillway.batch;

import io.spillway.journal.Damages;
import io.spillway.journal.DeletionNotes;
import io.spillway.journal.JournalFailure;
import io.spillway.journal.StateFile;
import io.spillway.journal.StateFile.Content;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which numbers {@code whenFull: dropOldest} has dropped that no server had acknowledged, in {@code
 * dropped.json} beside the spool, for each of its epochs: on disk before they go, so that {@code
 * verify} can tell them from those that are lost. Where the disk has no room for that, one segment
 * goes before, and makes it.
 *
 * <pre>
 *   {"epochs":{"attic.3f9a1c2e":{"from":1,"ranges":[501,801],"undecided":701,"undecidedTo":751,
 *    "assured":501}},"crc32c":"9c1185a5"}
 * </pre>
 *
 * <p>501 to 800 were dropped. What was under way then, the server may have all the same: of 701 to
 * 750 that is not known, until it says up to where it has everything. What it has is taken out, on
 * disk before anything is let go of that it acknowledges with it; so what was once acknowledged
 * never counts as dropped, also where the server's data are put back from a backup. Up to where it
 * had everything then is noted with it, for {@code acknowledged} says so a second later.
 *
 * <p>Every drop is noted from the number {@code from} on. Bounded: of more ranges, and more epochs,
 * the oldest are forgotten, and {@code from} says so.
 */
final class DroppedNumbers implements DeletionNotes {
  private static final int EPOCHS_MAX = 50;
  private static final Logger log = LoggerFactory.getLogger(DroppedNumbers.class);
  private static final String FILE = "dropped.json";

  private final Path file;

  /** Changed under the monitor, which is held while it is written. */
  private final Map<String, DroppedRanges> epochs = new LinkedHashMap<>();

  private String epoch;

  /** Of this epoch, for those who must not wait for the disk. */
  private volatile DroppedRanges noted = DroppedRanges.NONE;

  /** Whether not all that is here is on disk, for want of room. */
  private volatile boolean unsaved;

  /** Below it a server has everything, as it has said itself. */
  private volatile long assured = 1;

  /** Below it all may have been under way: it was sent, or held when it was opened. */
  private volatile long sent = 1;

  /** Below it all has gone, or is just going. */
  private volatile long going = 1;

  /** What of that may have been under way, until it is heard that it has gone. */
  private final Queue<NumberRange> open = new ConcurrentLinkedQueue<>();

  private DroppedNumbers(Path dir) {
    file = dir.resolve(FILE);
  }

  /** Of an epoch that drops nothing: it notes nothing. */
  static DroppedNumbers none() {
    return new DroppedNumbers(Path.of(""));
  }

  /**
   * What was noted of an epoch that drops nothing more: the server is not asked for it any more.
   */
  DroppedNumbers older(SpoolIdentity identity) {
    DroppedNumbers older = none();
    older.noted = of(identity).decided();
    return older;
  }

  /**
   * Below this number that epoch has nothing more to send: all was acknowledged, or is noted as
   * dropped. A spool that has some of it all the same was killed before it was deleted, or the disk
   * did not delete it; the server may have been told by then.
   */
  long next(SpoolIdentity identity) {
    List<Long> bounds = of(identity).bounds();
    return bounds.isEmpty() ? 1 : bounds.get(bounds.size() - 1);
  }

  private synchronized DroppedRanges of(SpoolIdentity identity) {
    return epochs.getOrDefault(String.valueOf(identity), DroppedRanges.NONE);
  }

  /** What was noted in {@code dir}; a file that is damaged is begun anew. Blocking. */
  static DroppedNumbers read(Path dir, Damages damages) throws IOException {
    DroppedNumbers dropped = new DroppedNumbers(dir);
    String otherwise = "which numbers were dropped is not known any more";
    Optional<Content<Map<String, DroppedRanges>>> said =
        StateFile.read(dropped.file, DroppedNumbers::parse, false, otherwise, damages);
    said.ifPresent(content -> dropped.epochs.putAll(content.value()));
    return dropped;
  }

  private static Map<String, DroppedRanges> parse(String text) {
    JsonObject all = new JsonObject(text).getJsonObject("epochs");
    Map<String, DroppedRanges> epochs = new LinkedHashMap<>();
    for (String name : all.fieldNames()) {
      epochs.put(name, DroppedRanges.parse(all.getJsonObject(name)));
    }
    return epochs;
  }

  /**
   * From now on this epoch drops. Blocking; a disk that takes nothing now does not keep it from
   * going on.
   *
   * @param held what the spool has still to send: nothing below {@link #next}
   * @param acknowledged below it a server has everything, as it has said itself, and as may be
   *     noted where a crash has cut off the note here
   * @return the same, or further: as was noted here, where a crash has cut off the other note
   */
  synchronized long begin(SpoolIdentity identity, NumberRange held, long acknowledged) {
    epoch = identity.toString();
    sent = held.next();
    DroppedRanges before = epochs.get(epoch);
    assured = before == null ? acknowledged : Math.max(acknowledged, before.assured());
    if (before == null && epochs.size() >= EPOCHS_MAX) {
      epochs.remove(epochs.keySet().iterator().next());
    }
    DroppedRanges now =
        before == null
            ? new DroppedRanges(held.first(), List.of())
            : before.settled(assured, assured);
    epochs.put(epoch, now);
    noted = now;
    if (!now.equals(before)) {
      saveOrSay();
    }
    return assured;
  }

  private void saveIfRoom() {
    try {
      deleted();
    } catch (IOException error) {
      log.debug("not noted: {}", error.toString()); // told when it was deleted
    }
  }

  private void saveOrSay() {
    try {
      save();
    } catch (IOException error) {
      log.warn("[spool] not noted: {}", JournalFailure.words(error));
    }
  }

  @Override
  public synchronized void deleting(long first, long next) throws IOException {
    if (epoch == null) {
      return; // nothing is dropped before it is known whose it is
    }
    long gone = going;
    going = next; // before it is asked what was sent, see sending
    long sentNow = sent;
    DroppedRanges now = with(first, next, sentNow);
    try {
      deleted();
    } catch (IOException | RuntimeException error) {
      going = gone;
      epochs.put(epoch, noted);
      throw error;
    }
    went(now, first, next, sentNow);
  }

  @Override
  public synchronized void deletingForRoom(long first, long next) {
    going = next;
    long sentNow = sent;
    went(with(first, next, sentNow), first, next, sentNow);
  }

  private DroppedRanges with(long first, long next, long sentNow) {
    long from = Math.max(first, assured); // acknowledged meanwhile: let go of, and not dropped
    DroppedRanges now = from < next ? noted.with(from, next, sentNow) : noted;
    unsaved |= from < next;
    epochs.put(epoch, now);
    return now;
  }

  private void went(DroppedRanges now, long first, long next, long sentNow) {
    noted = now;
    open.add(new NumberRange(first, Math.max(first, Math.min(next, sentNow))));
  }

  @Override
  public synchronized void deleted() throws IOException {
    if (unsaved) {
      save();
    }
  }

  /**
   * These are about to be sent.
   *
   * @return false if they are going, or gone, and must not be: they may count as never sent
   */
  boolean sending(long first, long next) {
    sent = Math.max(sent, next); // before it is asked what goes, see deleting
    return first >= going;
  }

  /**
   * Of these, which have gone and count as dropped, what may have been under way when they went,
   * for more has been sent since; also what a server was already known to have. Each is told once.
   * For one thread at a time.
   */
  List<NumberRange> wereUnderWay(long first, long next) {
    List<NumberRange> ranges = new ArrayList<>();
    for (NumberRange one = open.peek(); one != null && one.first() < next; one = open.peek()) {
      open.remove();
      ranges.add(one.within(first, next));
    }
    return ranges;
  }

  /** A server has everything below, as it has said itself. */
  void assured(long next) {
    assured = Math.max(assured, next);
  }

  /** Whether an answer of the server's has something to put down. Waits for nothing. */
  boolean isPending() {
    return unsaved || noted.isOpen();
  }

  /** What is noted of this epoch. Waits for nothing. */
  DroppedRanges noted() {
    return noted;
  }

  /**
   * The server has said which of the undecided ones it has. On disk when this returns; so is what
   * could not be before, if there is room now; where there was nothing else to say, what the server
   * has will make some. Blocking.
   *
   * @param stored it has all below
   * @param decided of those from {@code stored} to in front of this one it has none; {@code stored}
   *     where it may have some yet
   * @throws IOException if it could not be put down: then nothing has changed
   */
  synchronized void settle(long stored, long decided) throws IOException {
    DroppedRanges before = epochs.getOrDefault(epoch, DroppedRanges.NONE);
    DroppedRanges now = before.settled(stored, decided);
    if (now.equals(before)) {
      saveIfRoom();
      return;
    }
    epochs.put(epoch, now);
    try {
      save();
    } catch (IOException error) {
      epochs.put(epoch, before);
      throw error;
    }
    noted = now;
  }

  private void save() throws IOException {
    unsaved = true;
    JsonObject all = new JsonObject();
    epochs.forEach((name, noted) -> all.put(name, noted.json()));
    StateFile.write(file, new JsonObject().put("epochs", all).encode());
    unsaved = false;
  }
}
