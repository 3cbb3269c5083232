package io.spillway.tools;

/**
 * What became of each sequence number that was given out in one epoch. Each stands in one of these,
 * the first that holds of it.
 *
 * @param given the lowest number that was not given out, as far as anything shows
 * @param stored in the server's journal
 * @param setAside kept, with the reason, in a {@code rejected.ndjson}
 * @param dropped by a policy that somebody chose
 * @param waiting in the spool, and nobody has acknowledged it
 * @param claimed in the server's journal by their sender's word alone: they came without
 *     acknowledgements, as a plain client's
 * @param deleted it cannot be checked any more: retention has deleted where it would be
 * @param unknown nothing tells whether it was deleted, dropped or lost: version 0.1 noted neither,
 *     or there are too many gaps
 * @param missing lost, as far as these files say
 * @param storedAndHeld how many of those stored are in the spool still, which lets go of them later
 * @param acknowledgedAndHeld those of the missing that are in the spool, which will not send them:
 *     the server had said that it has them
 */
record EpochProof(
    long given,
    Numbers stored,
    Numbers setAside,
    Numbers dropped,
    Numbers waiting,
    Numbers claimed,
    Numbers deleted,
    Numbers unknown,
    Numbers missing,
    long storedAndHeld,
    Numbers acknowledgedAndHeld) {

  static EpochProof of(EpochEvidence of) {
    Numbers stored = of.stored();
    Numbers rest = Numbers.between(1, of.given()).minus(stored);

    Numbers setAside = rest.and(of.setAside());
    rest = rest.minus(setAside);
    Numbers dropped = rest.and(of.dropped()); // for good, though a crash has left some in the spool
    rest = rest.minus(dropped);
    Numbers waiting = rest.and(of.inSpool()).from(of.acknowledged());
    rest = rest.minus(waiting);
    Numbers claimed = rest.and(of.claimed());
    rest = rest.minus(claimed);

    // The journal is in order: what retention deleted lies below all that it has kept of the epoch.
    Numbers head = rest.below(of.kept());
    Numbers deleted = of.head() == Head.DELETED ? head : Numbers.NONE;
    Numbers unnoted = of.head() == Head.UNNOTED ? head : Numbers.NONE;
    rest = rest.minus(deleted).minus(unnoted);

    // A spool drops its oldest: what is above the lowest that it holds was never dropped.
    Numbers maybeDropped = rest.below(of.inSpool().first(of.given())).below(of.droppedFrom());
    Numbers unknown = unnoted.plus(rest.below(of.certainFrom())).plus(maybeDropped);
    Numbers missing = rest.minus(unknown);
    return new EpochProof(
        of.given(),
        stored,
        setAside,
        dropped,
        waiting,
        claimed,
        deleted,
        unknown,
        missing,
        stored.and(of.inSpool()).count(),
        missing.and(of.inSpool()));
  }

  /** Whether every number is accounted for, and not by somebody's word alone. */
  boolean isWhole() {
    return claimed.isEmpty() && missing.isEmpty() && unknown.isEmpty() && deleted.isEmpty();
  }
}
