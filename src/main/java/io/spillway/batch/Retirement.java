package io.spillway.batch;

import io.spillway.batch.AcknowledgedPosition.Saved;
import io.spillway.journal.Damages;
import io.spillway.journal.Disk;
import io.spillway.journal.Layout;
import io.spillway.journal.StateFile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts an epoch aside whose end is not certain: its files move to {@code old-<n>-<epoch>/} in the
 * spool directory, and the spool begins anew. A crash at any point is gone on from at the next
 * start.
 */
final class Retirement {
  private static final Logger log = LoggerFactory.getLogger(Retirement.class);
  private static final String FILE = "retiring.json";
  private static final Pattern SPOOL =
      Pattern.compile(Spool.NAME + "(-[0-9]{20})?\\.(ndjson|state)(\\.gz|\\.piece)?(\\.tmp)?");

  private static final int LAST_TURN = 2;

  private Retirement() {}

  /** The directories of older epochs, oldest first. */
  static List<Path> directories(Path dir) throws IOException {
    return Layout.putAside(dir);
  }

  /**
   * Puts aside what is in {@code dir}, which nobody has open, as its end is not certain.
   *
   * @return the directory where it is now
   */
  static Path begin(Path dir, SpoolEvidence evidence, Damages damages) throws IOException {
    SpoolIdentity old = evidence.owner();
    SpoolIdentity fresh = SpoolIdentity.fresh(old.edge());
    Path to = next(dir, old);
    EpochEnds.note(dir, old, evidence.end(), evidence.isEndKnown(), damages);
    if (evidence.foreign().isPresent()) { // none of its records is here, or will be
      Saved other = evidence.foreign().get();
      EpochEnds.note(dir, other.of(), other.end(), false, damages);
    }
    damages.add(
        dir,
        evidence.doubt(),
        to,
        "what waits there goes first, as records of %s; %snew records are of %s"
            .formatted(old, lost(evidence), fresh));
    putAside(dir, evidence, to, fresh, damages);
    return to;
  }

  /**
   * The same for one that a server does not let it go on with: what waits there goes into the new
   * epoch.
   *
   * @param why what the server knows, and how that may be
   */
  static void renumber(Path dir, SpoolEvidence evidence, String why, Damages damages)
      throws IOException {
    SpoolIdentity old = evidence.owner();
    SpoolIdentity fresh = SpoolIdentity.fresh(old.edge());
    Path to = begunOrNext(dir, old);
    long from = evidence.acknowledged();
    EpochEnds.note(dir, old, from, evidence.isAcknowledgedKnown(), damages);
    Disk.REAL.makeDirectories(to);
    new Renumbering("", 1, from, 0).save(to);
    putAside(dir, evidence, to, fresh, damages);
    damages.add(
        dir,
        why,
        to,
        "the %d records that wait go as %s; what the server has of them is there twice"
            .formatted(Math.max(0, evidence.next() - Math.max(from, evidence.sendable())), fresh));
  }

  /**
   * What waits in the epochs that are aside goes into the new one as well. The newest is marked
   * first: after a crash those that are not marked yet are the older ones, which go first.
   */
  static void renumberOlder(Path dir, String why, Damages damages) throws IOException {
    List<Path> older = directories(dir);
    for (int i = older.size() - 1; i >= 0; i--) {
      Path each = older.get(i);
      if (!Renumbering.isDecided(each) && !records(each).isEmpty()) {
        EpochEnds.renumbered(dir, epoch(each), acknowledged(each), damages);
        Renumbering.ALL.save(each);
        damages.add(
            each,
            why,
            null,
            "what waits there goes under new numbers; what the server has of it is there twice");
      }
    }
  }

  /** Of {@code old-<n>-<epoch>}. */
  private static String epoch(Path aside) {
    String name = aside.getFileName().toString();
    return name.substring(name.lastIndexOf('-') + 1);
  }

  /** Below it a server had everything of the epoch that is aside there; 1 if nothing says. */
  private static long acknowledged(Path aside) throws IOException {
    return AcknowledgedPosition.read(aside, false, new Damages())
        .filter(StateFile.Content::checked)
        .map(said -> said.value().acknowledged())
        .orElse(1L);
  }

  /**
   * The same for an epoch from before there were keys, which is empty: what comes now is of a new
   * one, which has a key.
   */
  static Path renew(Path dir, SpoolEvidence evidence, Damages damages) throws IOException {
    SpoolIdentity old = evidence.owner();
    SpoolIdentity fresh = SpoolIdentity.fresh(old.edge());
    Path to = next(dir, old);
    EpochEnds.note(dir, old, evidence.end(), true, damages); // as if it was gone on with
    log.info("[spool] {} has no key and is empty; new records are of {}", old, fresh);
    putAside(dir, evidence, to, fresh, damages);
    return to;
  }

  /** Where nothing says any more whose numbers there were: no record is left, nor a small file. */
  static void giveUp(Path dir, Damages damages) throws IOException {
    for (Path file : records(dir)) {
      StateFile.discard(
          file,
          "is of no edge and epoch that anything names",
          "it holds no record; numbers begin anew in a new epoch",
          damages);
    }
  }

  private static Path next(Path dir, SpoolIdentity old) throws IOException {
    List<Path> older = directories(dir);
    int number = older.isEmpty() ? 1 : Layout.numberOfAside(older.get(older.size() - 1)) + 1;
    return dir.resolve("old-" + number + '-' + old.epoch());
  }

  /** An attempt that failed before any record was moved, as on a full disk, is gone on with. */
  private static Path begunOrNext(Path dir, SpoolIdentity old) throws IOException {
    List<Path> older = directories(dir);
    Path last = older.isEmpty() ? null : older.get(older.size() - 1);
    boolean begun =
        last != null
            && last.getFileName().toString().endsWith('-' + old.epoch())
            && records(last).isEmpty();
    return begun ? last : next(dir, old);
  }

  private static void putAside(
      Path dir, SpoolEvidence evidence, Path to, SpoolIdentity fresh, Damages damages)
      throws IOException {
    SpoolIdentity old = evidence.owner();
    Disk.REAL.makeDirectories(to);
    new AcknowledgedPosition(to, old)
        .save(evidence.acknowledged(), evidence.end(), evidence.assured());
    String key = SpoolKey.load(dir, old.epoch(), damages);
    if (key != null) {
      SpoolKey.keep(to, old.epoch(), key);
    }
    if (new AcknowledgedEpoch(dir).is(old.epoch())) {
      new AcknowledgedEpoch(to).remember(old.epoch());
    }
    old.save(to);
    JsonObject plan = new JsonObject().put("edge", fresh.edge()).put("epoch", fresh.epoch());
    StateFile.write(dir.resolve(FILE), plan.put("into", to.getFileName().toString()).encode());
    finish(dir, damages);
  }

  private static String lost(SpoolEvidence evidence) {
    long from = Math.max(evidence.next(), evidence.sendable());
    return from == evidence.end()
        ? ""
        : "%d to %d are lost where the server does not have them; "
            .formatted(from, evidence.end() - 1);
  }

  /** Completes what was begun; nothing if nothing was. */
  static void finish(Path dir, Damages damages) throws IOException {
    String otherwise = "an epoch that was being put aside is looked at again";
    JsonObject plan =
        StateFile.read(dir.resolve(FILE), JsonObject::new, false, otherwise, damages)
            .map(StateFile.Content::value)
            .orElse(null);
    if (plan == null) {
      return;
    }
    Path to = dir.resolve(plan.getString("into"));
    Disk.REAL.makeDirectories(to); // which has the plan on the disk, too
    move(dir, to);
    SpoolIdentity fresh = new SpoolIdentity(plan.getString("edge"), plan.getString("epoch"));
    if (SpoolKey.load(dir, fresh.epoch(), damages) == null) {
      SpoolKey.create(dir, fresh.epoch());
    }
    fresh.begin(dir);
    Disk.REAL.delete(dir.resolve(FILE));
    Disk.REAL.syncDirectory(dir);
  }

  private static void move(Path from, Path to) throws IOException {
    for (Path file : records(from)) {
      Disk.REAL.move(file, to.resolve(file.getFileName()));
    }
    Disk.REAL.syncDirectory(to); // and the other one with what is put down there next
  }

  private static List<Path> records(Path dir) throws IOException {
    try (Stream<Path> entries = Files.list(dir)) {
      return entries.filter(file -> isOfRecords(file.getFileName().toString())).sorted().toList();
    }
  }

  private static boolean isOfRecords(String name) {
    return SPOOL.matcher(name).matches();
  }

  /** Deletes a file, or fails. */
  interface Removal {
    void delete(Path file) throws IOException;
  }

  /** Removes the directory of an epoch of which nothing waits; nothing if it is gone already. */
  static void remove(Path old) throws IOException {
    if (Files.notExists(old)) {
      return;
    }
    clear(old);
    if (isEmpty(old)) { // a quarantine stays
      Disk.REAL.delete(old);
    }
  }

  /** Removes what is in that directory. */
  static void clear(Path old) throws IOException {
    clear(old, Disk.REAL::delete);
  }

  /**
   * The records go first, and only then what says that they are not to be sent: whatever a crash
   * leaves behind, nothing of it is sent once more. What was given other numbers is told by {@code
   * renumber.json}, which goes last.
   */
  static void clear(Path old, Removal removal) throws IOException {
    List<Path> files;
    try (Stream<Path> entries = Files.list(old)) {
      files = entries.filter(Files::isRegularFile).sorted().toList();
    }
    for (int turn = 0; turn <= LAST_TURN; turn++) {
      for (Path file : files) {
        if (turnOf(file.getFileName().toString()) == turn) {
          removal.delete(file);
        }
      }
      Disk.REAL.syncDirectory(old);
    }
  }

  private static int turnOf(String name) {
    if (isOfRecords(name)) {
      return 0;
    }
    return name.equals(Renumbering.FILE) ? LAST_TURN : 1;
  }

  private static boolean isEmpty(Path dir) throws IOException {
    try (Stream<Path> entries = Files.list(dir)) {
      return entries.findAny().isEmpty();
    }
  }
}
