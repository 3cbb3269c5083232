package io.spillway.redelivery;

/**
 * Learns from the messages of several connections how a broker gives identifiers.
 *
 * <p>That they rise while messages are under way says nothing: a broker that takes the lowest free
 * one does that too, and one that begins anew with each connection. It is shown by the first new
 * message of a connection, when all before it had been acknowledged, and proven so: its identifier
 * is the next one. One that does not rise shows the contrary.
 */
public final class HabitLearner {
  private static final int SHOWN = 2;

  private final int identifiers;
  private Habit habit = Habit.UNKNOWN;
  private int last;
  private int shown;
  private boolean settledBefore;
  private boolean first;
  private boolean named;

  /** Of this connection. */
  private Turn turn;

  public HabitLearner() {
    this(IdentifierTable.LAST);
  }

  HabitLearner(int identifiers) {
    this.identifiers = identifiers;
    turn = new Turn(identifiers);
  }

  /** What has been seen. */
  public Habit habit() {
    return habit;
  }

  /**
   * Messages come on another connection.
   *
   * @param newSession identifiers begin anew by right
   * @param settled on the connection before, everything was proven to be acknowledged
   * @param knownMake the broker is known to count up: if it does not from one connection to the
   *     next, it was started with an older state
   */
  public void connected(boolean newSession, boolean settled, boolean knownMake) {
    last = newSession ? 0 : last;
    settledBefore = settled;
    named = knownMake;
    habit = knownMake ? Habit.UNKNOWN : habit;
    first = true;
    turn = new Turn(identifiers);
  }

  /**
   * A message at QoS 1 or 2 has been read.
   *
   * @param settled everything that came before on this connection is proven to be acknowledged
   */
  public void read(int identifier, boolean marked, boolean settled) {
    turn.read(1);
    if (marked) {
      last = last == 0 || isAhead(identifier) ? identifier : last;
      return;
    }
    if (last != 0 && !isAhead(identifier)) {
      habit = first && named ? habit : Habit.REUSES;
    } else if (first && last != 0 && settledBefore && settled && identifier == last + 1) {
      shown++;
      habit = shown >= SHOWN ? habit.with(Habit.RISES) : habit;
    }
    first = false;
    last = identifier;
  }

  /**
   * Whether a message may be another one than that which has brought this identifier before, on the
   * same connection: see {@link Turn}.
   */
  boolean mayHaveTurned(int identifier) {
    return turn.isPossible(habit, 1, 0, last, identifier);
  }

  private boolean isAhead(int identifier) {
    int distance = Math.floorMod(identifier - last, identifiers);
    return distance > 0 && distance <= identifiers / 2;
  }
}
