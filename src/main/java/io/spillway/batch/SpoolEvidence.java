package io.spillway.batch;

import io.spillway.batch.AcknowledgedPosition.Saved;
import io.spillway.journal.StateFile.Content;
import java.util.Optional;

/**
 * What the files of a spool say, each by itself, and what follows from it: whose records they are,
 * and whether it is certain which numbers were given out. Where it is not, numbers that are given
 * out again would count as stored at the server, and what gets them would be lost.
 *
 * @param identity what {@code identity.json} says
 * @param position what {@code acknowledged} says
 * @param recorded whose the records are; null if there is none
 * @param next the number that the next record would get, by the segments
 * @param quarantined files that had to be moved out of the way, of the segments
 * @param dropped below it all is gone of this owner, as {@code dropped.json} says; 1 if it says
 *     nothing
 */
record SpoolEvidence(
    Optional<Content<SpoolIdentity>> identity,
    Optional<Content<Saved>> position,
    SpoolIdentity recorded,
    long next,
    int quarantined,
    long dropped) {

  /** The same, with what {@code of} says of its owner. */
  SpoolEvidence with(DroppedNumbers of) {
    return new SpoolEvidence(identity, position, recorded, next, quarantined, of.next(owner()));
  }

  /** Whose records they are: the records say it best. Null for a spool that never was. */
  SpoolIdentity owner() {
    return recorded != null
        ? recorded
        : identity.map(Content::value).or(() -> checked().map(Saved::of)).orElse(null);
  }

  /** What is known for certain of positions, of this owner. */
  private Optional<Saved> checked() {
    return position.filter(Content::checked).map(Content::value);
  }

  /** The same, if it is of this owner. */
  private Optional<Saved> own() {
    return checked().filter(saved -> saved.of().equals(owner()));
  }

  /** What {@code acknowledged} says for certain of an epoch that no record is of. */
  Optional<Saved> foreign() {
    return checked().filter(saved -> !saved.of().equals(owner()));
  }

  /** Whether both files say it already: on a full disk nothing has to be written to start. */
  boolean isPutDown() {
    return checked().isPresent() && identity.isPresent() && identity.get().checked();
  }

  /** Below it nothing is to be sent: the server has it, or it is noted as dropped. */
  long sendable() {
    return Math.max(acknowledged(), dropped);
  }

  /**
   * Below it the server has everything, as it has said: a file without a checksum does not count.
   */
  long acknowledged() {
    return own().map(Saved::acknowledged).orElse(1L);
  }

  /** Whether it is known what the server has said, if not the very last of it. */
  boolean isAcknowledgedKnown() {
    return own().isPresent();
  }

  /**
   * Below it a server has everything, as it has said itself; see {@link Saved#assured}. What is let
   * go of beyond it does not count: it may have been dropped, removed, or read by a plain server.
   */
  long assured() {
    return own().map(Saved::assured).orElse(1L);
  }

  /** Where the numbers end that are known to have been given out. */
  long end() {
    return Math.max(Math.max(next, dropped), own().map(Saved::end).orElse(1L));
  }

  /**
   * Whether it is known how far they were given out, if not what became of all. What says less than
   * the segments, or than what is noted as dropped, is of an earlier time.
   */
  boolean isEndKnown() {
    return own().filter(saved -> saved.end() >= Math.max(next, dropped)).isPresent();
  }

  /** Why it is not certain which numbers were given out; empty if it is. */
  String doubt() {
    SpoolIdentity owner = owner();
    if (owner == null) {
      return "";
    }
    if (quarantined > 0) {
      return "has damaged segments";
    }
    if (identity.isPresent() && !identity.get().value().equals(owner)) {
      return "has records of " + owner + ", but identity.json of " + identity.get().value();
    }
    Optional<Saved> saved = checked();
    if (saved.isPresent() && !saved.get().of().equals(owner)) {
      return "is of " + owner + ", but its acknowledged of " + saved.get().of();
    }
    long given = Math.max(saved.map(Saved::end).orElse(1L), dropped);
    if (given > next) {
      return "ends at %d, and had given out %d".formatted(next - 1, given - 1);
    }
    boolean older = identity.isPresent() && !identity.get().checked();
    return saved.isPresent() || older ? "" : "has lost its acknowledged";
  }
}
