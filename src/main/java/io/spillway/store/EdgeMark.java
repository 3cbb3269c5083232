package io.spillway.store;

import java.util.ArrayList;
import java.util.List;

/**
 * How far one edge and epoch has come, and what that means for what it asks. Two high-water marks:
 * below {@code durable} everything is on the disk, below {@code submitted} it has been given to the
 * journal. What is acknowledged is only ever {@code durable}.
 *
 * <p>A request that has to do several things in a row {@link #take takes} the mark; others wait.
 */
final class EdgeMark {
  /** What a batch is. */
  enum Verdict {
    /** It joins what was submitted, or overlaps with it: what is not {@link #known} is stored. */
    NEXT,
    /** The same, but it reaches what is stored beyond a hole: the hole is filled, by itself. */
    FILLS,
    /** All of it is on the disk. */
    STORED,
    /** All of it is submitted: wait until that is settled, and ask again. */
    PENDING,
    /** Another request has the mark: wait until that is settled, and ask again. */
    WAIT,
    /** Something before it is missing. */
    GAP
  }

  /** What the beginning of a connection needs. */
  enum Opening {
    /** The mark can be told. */
    KNOWN,
    /** The edge does not hold everything any more: take a {@link #step} first. */
    STEP,
    /** An older connection still has something under way: wait, and ask again. */
    WAIT
  }

  private static final long NONE = 0;

  private Owner owner;
  private long durable;
  private long submitted;

  /** Where a step that is being written down leads; {@link #NONE} if none is. */
  private long step = NONE;

  /** The connection that has begun last. */
  private long session;

  private int appending;
  private boolean taken;
  private List<Runnable> waiting = new ArrayList<>(2);

  /** What is on the disk above {@link #durable}. */
  private final Islands beyond;

  /** Of an epoch whose owner nobody knows yet. */
  EdgeMark(long next) {
    this(next, Owner.NOBODY, new Islands());
  }

  /**
   * @param beyond what is stored above
   */
  EdgeMark(long next, Owner owner, Islands beyond) {
    this.owner = owner;
    this.beyond = beyond;
    durable = beyond.reached(next);
    submitted = durable;
  }

  /** The lowest sequence number that is not on the disk. */
  long durable() {
    return durable;
  }

  /** The lowest one that has not been given to the journal; falls back when the journal fails. */
  long submitted() {
    return submitted;
  }

  /** What is to be written down: a step counts before it is taken, for it is written so. */
  long checkpoint() {
    return Math.max(durable, step);
  }

  /** To whom the epoch belongs. */
  Owner owner() {
    return owner;
  }

  /**
   * Whether the epoch may become the caller's: it is nobody's, or nothing of it is stored that
   * another without a key could have sent.
   */
  boolean isClaimable() {
    boolean nothing = submitted == 1 && beyond.isEmpty();
    return owner.equals(Owner.NOBODY) || (owner.equals(Owner.KEYLESS) && nothing);
  }

  /** Whether records of whoever has said hello as {@code caller} are of this epoch. */
  boolean isOpenTo(Owner caller) {
    return owner.equals(Owner.NOBODY) || owner.is(caller);
  }

  void owner(Owner now) {
    owner = now;
  }

  /**
   * A connection begins, or goes on; false if a later one has begun meanwhile: then nothing is
   * taken of it any more.
   */
  boolean isLatest(long of) {
    return of >= session;
  }

  void begun(long by) {
    session = by;
  }

  /** What is on the disk above it, to be written down as well. */
  Islands beyond() {
    return beyond;
  }

  /** Above all that is known to be stored. */
  long highest() {
    return Math.max(durable, beyond.end());
  }

  // --- what is asked

  /**
   * A batch of the sequence numbers {@code [first, next)}. Measured by what is submitted: batches
   * do not wait for each other.
   */
  Verdict judge(long first, long next) {
    if (taken) {
      return Verdict.WAIT;
    }
    if (first > submitted) {
      return Verdict.GAP;
    }
    if (next <= durable) {
      return Verdict.STORED;
    }
    if (next <= submitted) {
      return Verdict.PENDING;
    }
    return next > beyond.first() ? Verdict.FILLS : Verdict.NEXT;
  }

  /** How many of {@code count} records from {@code first} on are submitted already. */
  int known(long first, int count) {
    return (int) Math.min(count, Math.max(0, submitted - first));
  }

  /** How many of {@code count} records from {@code first} on come before what is stored beyond. */
  int room(long first, int count) {
    return (int) Math.min(count, beyond.first() - first);
  }

  /**
   * A connection of an edge that still holds what begins at {@code first}.
   *
   * @param upTo what was submitted when it came: that is waited for, and no more, or an older
   *     connection that goes on sending would keep it waiting
   */
  Opening opening(long first, long upTo) {
    boolean older = durable < Math.min(upTo, submitted);
    if (taken || older || (first > durable && isAppending())) {
      return Opening.WAIT;
    }
    return first > durable ? Opening.STEP : Opening.KNOWN;
  }

  // --- what is done

  /** Keeps all other requests waiting. */
  void take() {
    taken = true;
  }

  boolean isTaken() {
    return taken;
  }

  void release() {
    taken = false;
    settled();
  }

  /** Records were given to the journal. */
  void submitted(int count) {
    submitted += count;
    appending++;
  }

  /** They are on the disk; what was submitted first is there first. */
  void stored(int count) {
    appending--;
    durable = beyond.reached(durable + count);
    submitted = Math.max(submitted, durable); // what failed behind it may have been told first
    settled();
  }

  /** They are not, and neither is what was submitted behind them: it has to come again. */
  void failed() {
    appending--;
    submitted = durable;
    settled();
  }

  /** The journal has the next record, as it turned out when it was opened. */
  void replayed() {
    durable = beyond.reached(durable + 1);
    submitted = durable;
  }

  /** The journal has this record, likewise. */
  void found(long seq) {
    beyond.found(seq, durable);
    if (seq == durable) {
      replayed();
    }
  }

  boolean isAppending() {
    return appending > 0;
  }

  /**
   * Goes over sequence numbers that have no record. Nothing is submitted meanwhile, and the mark
   * stays where it is until that is written down.
   */
  void step(long next) {
    step = next;
  }

  /** It is on the disk. */
  void stepped() {
    durable = beyond.reached(Math.max(durable, step));
    submitted = durable;
    step = NONE;
  }

  void notStepped() {
    step = NONE;
  }

  /** Calls {@code again} when something of what is under way is settled. */
  void whenSettled(Runnable again) {
    waiting.add(again);
  }

  /** Nothing is under way, and nobody waits: it may be forgotten. */
  boolean isIdle() {
    return appending == 0 && !taken && waiting.isEmpty();
  }

  private void settled() {
    if (!waiting.isEmpty()) {
      List<Runnable> all = waiting;
      waiting = new ArrayList<>(2);
      all.forEach(Runnable::run);
    }
  }
}
