package io.spillway.redelivery;

/**
 * Brokers that count their identifiers up and have more under way than there are: some do not look
 * whether the next one is in use (Mosquitto 2.0.11, after a reconnect, or with {@code
 * max_inflight_messages 0}, against MQTT 3.1.1 section 2.3.1). Two messages have the same one then,
 * and are sent again as such, both marked, on one connection. All that lies between them in the
 * count comes between them; a copy of one message comes sooner.
 */
final class Turn {
  private Turn() {}

  /**
   * Whether the count may have gone round since an identifier was read on this connection.
   *
   * @param read how many messages this connection has brought
   * @param latest the identifier that the count is at
   * @param identifiers how many there are
   */
  static boolean isPossible(Habit habit, long read, int latest, int identifier, int identifiers) {
    int half = (identifiers + 1) / 2;
    return habit != Habit.REUSES
        && read >= half
        && Math.floorMod(latest - identifier, identifiers) >= half;
  }
}
