package io.spillway.batch;

import io.spillway.batch.AcknowledgedPosition.Saved;
import io.spillway.config.SpoolConfig;
import io.spillway.journal.Damages;
import io.spillway.journal.Disk;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalOptions;
import io.spillway.journal.LineStamp;
import io.spillway.journal.Memo;
import io.spillway.journal.State;
import io.spillway.journal.StateFile.Content;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A spool, open: one epoch, in a directory. Where it is not certain which of its numbers were given
 * out, what it has is moved to a directory of its own, to be sent from there as what it is, and a
 * new epoch begins.
 *
 * @param acknowledged below it the server has everything, as it said some time ago
 * @param key proves whose records they are; null in an epoch from before there were keys
 * @param end the lowest number that was not given out, as far as it is known: beyond it the server
 *     can have nothing but what other records had before this spool was cut
 * @param assured see {@link Saved#assured}
 * @param dropped what it drops, and has dropped; an older epoch drops nothing more
 */
record Spool(
    Path dir,
    SpoolIdentity identity,
    Journal journal,
    long acknowledged,
    String key,
    long end,
    long assured,
    DroppedNumbers dropped) {
  static final String NAME = "spool";
  private static final Logger log = LoggerFactory.getLogger(Spool.class);

  /**
   * What a start finds.
   *
   * @param current takes new records
   * @param older epochs that are to be emptied before it, in that order
   */
  record Found(Spool current, List<Spool> older, Damages damages) {
    /** Nothing is written. Blocking. */
    void close() {
      older.forEach(spool -> spool.journal.close());
      current.journal.close();
    }
  }

  /** What all its epochs are opened with. */
  private record Opening(
      SpoolConfig config, Memo memo, DroppedNumbers dropped, Damages damages, TimeSource time) {

    SpoolEvidence evidence(Path dir, Journal journal) throws IOException {
      return Spool.evidence(dir, journal, damages).with(dropped);
    }

    /** Below it all is acknowledged, or noted as dropped, of what the journal has. */
    long acknowledged(Journal journal, SpoolEvidence evidence) {
      long known = Math.max(evidence.acknowledged(), journal.first());
      long next = Math.min(Math.max(known, evidence.sendable()), journal.next());
      if (next > known) {
        String unsent = "[spool] {} to {} of {} go unsent: noted as dropped, or of before that";
        log.warn(unsent, known, next - 1, evidence.owner());
      }
      return next;
    }
  }

  /**
   * Opens the spool and what is left of its older epochs. Blocking.
   *
   * @param name the edge's configured name, or null for a generated one
   * @param damages is told of what is damaged
   * @param renumbered is told how many records of {@code current} had other numbers before: once,
   *     when nothing is left of these, also where the rest fails and all begins again
   * @throws IOException if the disk does not let it, or the spool is that of an edge of another
   *     name; never for what is in a file
   */
  static Found open(
      SpoolConfig config,
      String name,
      Memo memo,
      Damages damages,
      TimeSource time,
      LongConsumer renumbered)
      throws IOException {
    Path dir = config.dir();
    Disk.REAL.makeDirectories(dir);
    Retirement.finish(dir, damages);
    EpochEnds.check(dir, damages);
    Opening with = new Opening(config, memo, DroppedNumbers.read(dir, damages), damages, time);
    List<Spool> older = new ArrayList<>();
    Map<Path, Renumbering> toRenumber = new LinkedHashMap<>();
    try {
      for (Path each : Retirement.directories(dir)) { // their memos are older, too
        Renumbering plan = Renumbering.read(each, damages);
        if (plan == null) {
          addOlder(older, each, with);
        } else {
          toRenumber.put(each, plan);
        }
      }
      Spool current = openCurrent(name, older, with);
      older.add(current); // until all is well
      for (Map.Entry<Path, Renumbering> each : toRenumber.entrySet()) {
        Path old = each.getKey();
        long count = carry(old, each.getValue(), current, with);
        Retirement.clear(old);
        if (count > 0) {
          renumbered.accept(count);
        }
        Retirement.remove(old);
      }
      older.remove(current);
      return new Found(current, older, damages);
    } catch (IOException | RuntimeException error) {
      older.forEach(spool -> spool.journal.close());
      throw error;
    }
  }

  /**
   * Puts a closed spool aside of which, or of an older epoch of which, the server knows more than
   * is here. When it is opened again, what waits in all of its epochs has other numbers, in order.
   * Blocking.
   *
   * @param identity whose spool it is; it is not put aside where it was already
   * @param why what the server knows
   */
  static void renumber(
      SpoolConfig config,
      SpoolIdentity identity,
      String why,
      Memo memo,
      Damages damages,
      TimeSource time)
      throws IOException {
    Path dir = config.dir();
    Retirement.finish(dir, damages);
    JournalOptions options = options(dir, config, memo, new IdStamp());
    SpoolEvidence evidence;
    try (Journal journal = Journal.open(options, State.NONE, damages, time)) {
      evidence = evidence(dir, journal, damages).with(DroppedNumbers.read(dir, damages));
    }
    if (identity.equals(evidence.owner())) {
      Retirement.renumber(dir, evidence, why, damages);
    }
    Retirement.renumberOlder(dir, why, damages);
  }

  private static long carry(Path old, Renumbering plan, Spool current, Opening with)
      throws IOException {
    Spool spool = openOlder(old, with);
    try {
      return plan.carry(spool, current, with.config.segmentBytes());
    } finally {
      spool.journal.close();
    }
  }

  /**
   * What a spool is called, which is given a name if it has none. Blocking.
   *
   * @param damages is told of what is damaged: a later {@link #open} does not find it any more
   * @throws IOException as {@link #open}
   */
  static String nameOf(
      SpoolConfig config, Damages damages, TimeSource time, LongConsumer renumbered)
      throws IOException {
    Optional<Content<SpoolIdentity>> said = SpoolIdentity.read(config.dir(), damages);
    if (said.isPresent()) {
      return said.get().value().edge();
    }
    SpoolMemo memo = new SpoolMemo(config.dir(), damages);
    Found found = open(config, null, memo, damages, time, renumbered);
    found.close();
    return found.current.identity.edge();
  }

  private boolean isEmpty() {
    return identity == null || acknowledged == journal.next();
  }

  private static void addOlder(List<Spool> older, Path dir, Opening with) throws IOException {
    Spool spool = openOlder(dir, with);
    if (spool.isEmpty()) {
      spool.journal.close();
      Retirement.remove(dir);
    } else {
      older.add(spool);
    }
  }

  /** What its memos say is kept in the spool directory: the MQTT session goes on. */
  private static Spool openOlder(Path dir, Opening with) throws IOException {
    JournalOptions options = options(dir, with.config, with.memo, new IdStamp());
    Journal journal = Journal.open(options, State.NONE, with.damages, with.time);
    try {
      with.memo.keep();
      SpoolEvidence evidence = with.evidence(dir, journal);
      SpoolIdentity identity = evidence.owner(); // null only if nothing is in it
      String key = identity == null ? null : SpoolKey.load(dir, identity.epoch(), with.damages);
      long acknowledged = with.acknowledged(journal, evidence);
      return new Spool(
          dir,
          identity,
          journal,
          acknowledged,
          key,
          evidence.end(),
          evidence.assured(),
          with.dropped.older(identity));
    } catch (IOException | RuntimeException error) {
      journal.close(); // or the next attempt would find it in use
      throw error;
    }
  }

  private static Spool openCurrent(String name, List<Spool> older, Opening with)
      throws IOException {
    Path dir = with.config.dir();
    IdStamp stamp = new IdStamp();
    JournalOptions options = options(dir, with.config, with.memo, stamp).withNotes(with.dropped);
    Journal journal = Journal.open(options, State.NONE, with.damages, with.time);
    try {
      SpoolEvidence evidence = with.evidence(dir, journal);
      SpoolIdentity owner = evidence.owner();
      if (owner == null && journal.next() > 1) {
        journal.close();
        Retirement.giveUp(dir, with.damages);
        return openCurrent(name, older, with);
      }
      if (owner != null) {
        owner.mustBe(dir, name);
      }
      if (!evidence.doubt().isEmpty()) {
        journal.close();
        Path retired = Retirement.begin(dir, evidence, with.damages);
        addOlder(older, retired, with);
        return openCurrent(name, older, with);
      }
      SpoolIdentity identity = owner == null ? SpoolIdentity.fresh(name) : owner;
      long acknowledged = with.acknowledged(journal, evidence);
      String key = SpoolKey.load(dir, identity.epoch(), with.damages);
      if (key == null && journal.next() > 1 && acknowledged == journal.next()) {
        journal.close();
        addOlder(older, Retirement.renew(dir, evidence, with.damages), with);
        return openCurrent(name, older, with);
      }
      if (key == null && journal.next() == 1) {
        key = SpoolKey.create(dir, identity.epoch()); // before the epoch is known to be
      }
      if (!evidence.isPutDown()) {
        new AcknowledgedPosition(dir, identity)
            .save(acknowledged, journal.next(), evidence.assured());
        identity.save(dir);
      }
      stamp.set(identity);
      NumberRange held = new NumberRange(acknowledged, journal.next());
      long assured = with.dropped.begin(identity, held, evidence.assured());
      return new Spool(
          dir, identity, journal, acknowledged, key, journal.next(), assured, with.dropped);
    } catch (IOException | RuntimeException error) {
      journal.close();
      throw error;
    }
  }

  private static SpoolEvidence evidence(Path dir, Journal journal, Damages damages)
      throws IOException {
    Optional<Content<SpoolIdentity>> identity = SpoolIdentity.read(dir, damages);
    boolean older = identity.isPresent() && !identity.get().checked();
    Optional<Content<Saved>> position = AcknowledgedPosition.read(dir, older, damages);
    int quarantined = journal.report().quarantinedFiles();
    return new SpoolEvidence(
        identity, position, SpoolIdentity.ofNewest(journal), journal.next(), quarantined, 1);
  }

  private static JournalOptions options(Path dir, SpoolConfig config, Memo memo, LineStamp stamp) {
    return JournalOptions.framed(dir, NAME)
        .withSegments(config.segmentBytes(), Duration.ZERO)
        .withStamp(stamp)
        .withMemo(memo);
  }
}
