package io.spillway.redelivery;

import java.util.BitSet;

/**
 * What a process sees of the messages under way to it: which of them the broker may not know to be
 * here ({@link Unproven}), which it has yet to release, and what that shows of how it gives
 * identifiers ({@link HabitLearner}). A message at QoS 2 is under way until the answer to its
 * release is proven to be there, on whatever connection that comes.
 */
public final class UnderWay {
  private final HabitLearner learner;

  /** At QoS 2: read, or known from its release, and that not answered. */
  private final BitSet unreleased = new BitSet();

  private Unproven unproven = new Unproven();

  public UnderWay() {
    this(IdentifierTable.LAST);
  }

  UnderWay(int identifiers) {
    learner = new HabitLearner(identifiers);
  }

  /**
   * Messages come on another connection.
   *
   * @param newSession what was under way is no more
   * @param knownMake the broker is of a make that counts its identifiers up
   */
  public void connected(boolean newSession, boolean knownMake) {
    learner.connected(newSession, unproven.isSettled(), knownMake);
    unproven = new Unproven();
    if (newSession) {
      unreleased.clear();
    }
    unreleased.stream().forEach(identifier -> unproven.read(identifier, 0));
  }

  /**
   * A message at QoS 1 has been read.
   *
   * @return whether it is a copy of one that is here, not to be acknowledged a second time
   */
  public boolean isCopy(int identifier, boolean marked, long fingerprint) {
    boolean copy =
        unproven.isCopy(identifier, marked, fingerprint) && !learner.mayHaveTurned(identifier);
    if (!copy) {
      unreleased.clear(identifier); // a release that came twice was the second of what is over
      read(identifier, marked, fingerprint);
    }
    return copy;
  }

  /** A message at QoS 2 has been read: each copy of it is to be answered. */
  public void held(int identifier, boolean marked, long fingerprint) {
    read(identifier, marked, fingerprint);
    unreleased.set(identifier);
  }

  /** The release of an identifier has been read. */
  public void released(int identifier) {
    if (!unreleased.get(identifier)) {
      unproven.read(identifier, 0);
      unreleased.set(identifier);
    }
  }

  /** The acknowledgement of a message at QoS 1 is on its way. */
  public void acknowledged(int identifier) {
    unreleased.clear(identifier);
    unproven.acknowledged(identifier);
  }

  /** The answer to a release is on its way; it may have come twice. */
  public void completed(int identifier) {
    if (unreleased.get(identifier)) {
      acknowledged(identifier);
    }
  }

  /** A ping is on its way, behind all that was answered. */
  public void pinged() {
    unproven.pinged();
  }

  /** The answer to the oldest ping that had none. */
  public void ponged() {
    unproven.answered();
  }

  /** Whether a ping would prove something. */
  public boolean wantsPing() {
    return unproven.wantsPing();
  }

  /** How the broker gives identifiers, as far as it has shown. */
  public Habit habit() {
    return learner.habit();
  }

  private void read(int identifier, boolean marked, long fingerprint) {
    if (!unreleased.get(identifier)) {
      learner.read(identifier, marked, unproven.isSettled());
      unproven.read(identifier, fingerprint);
    }
  }
}
