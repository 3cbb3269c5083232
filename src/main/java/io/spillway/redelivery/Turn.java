package io.spillway.redelivery;

/**
 * Brokers that count their identifiers up and have more under way than there are: some do not look
 * whether the next one is in use (Mosquitto 2.0.11, after a reconnect, or with {@code
 * max_inflight_messages 0}, against MQTT 3.1.1 section 2.3.1). Two messages have the same one then,
 * and are sent again as such, both marked, on one connection. All that lies between them in the
 * count comes between them; a copy of one message comes sooner.
 */
final class Turn {
  private final int identifiers;
  private int connection;
  private long read;

  Turn(int identifiers) {
    this.identifiers = identifiers;
  }

  /** A message has come on this connection. */
  void read(int on) {
    read = connection == on ? read + 1 : 1;
    connection = on;
  }

  /**
   * Whether the count may have gone round since an identifier was read on the same connection.
   *
   * @param more messages that have come on it, and are not among those that were read
   * @param latest the identifier that the count is at
   */
  boolean isPossible(Habit habit, int on, int more, int latest, int identifier) {
    long all = more + (connection == on ? read : 0);
    int half = (identifiers + 1) / 2;
    return habit != Habit.REUSES
        && all >= half
        && Math.floorMod(latest - identifier, identifiers) >= half;
  }
}
