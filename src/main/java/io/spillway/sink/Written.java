package io.spillway.sink;

/**
 * What became of the records of a batch over which a destination has moved its position.
 *
 * @param some whether it has taken anything, which tells that it does
 * @param added as new ones; or, where it does not tell them from those that it had, all
 * @param present that it had already
 * @param takenOut that it has not: something there took them out, and said nothing
 */
record Written(boolean some, int added, int present, int takenOut) {
  /** All that was sent to one that does not tell. */
  static Written sent(int records, boolean some) {
    return new Written(some, records, 0, 0);
  }

  /** Of records that are there by the position alone, as it was not looked. */
  static Written unseen(int records) {
    return new Written(false, 0, records, 0);
  }

  /**
   * By counts of a table.
   *
   * @param sent how many rows were to be there
   * @param added how many came to it
   * @param found how many are there; some may have come to it as others
   */
  static Written counted(int sent, int added, int found) {
    int there = Math.min(sent, Math.max(added, found));
    return new Written(added > 0, added, there - added, sent - there);
  }

  /** All of them. */
  int records() {
    return added + present + takenOut;
  }
}
