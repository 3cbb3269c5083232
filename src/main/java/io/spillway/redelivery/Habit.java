package io.spillway.redelivery;

/** How a broker gives packet identifiers. */
public enum Habit {
  /** Not seen yet: as bad as {@link #REUSES}. */
  UNKNOWN(0),
  /**
   * Counts up, through connections, and begins at 1 again behind 65,535; a message keeps its
   * identifier when it is sent again.
   */
  RISES(1),
  /** Takes free ones again, or begins anew with each connection. */
  REUSES(2);

  private final int code;

  Habit(int code) {
    this.code = code;
  }

  /** On the disk. */
  byte code() {
    return (byte) code;
  }

  static Habit of(byte code) {
    return code == RISES.code ? RISES : code == REUSES.code ? REUSES : UNKNOWN;
  }

  /** What is known when this was known and {@code seen} comes: one counter-example is enough. */
  Habit with(Habit seen) {
    return seen == UNKNOWN || this == REUSES ? this : seen;
  }
}
