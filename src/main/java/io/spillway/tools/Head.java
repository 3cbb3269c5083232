package io.spillway.tools;

/** What is known of the beginning of a server's journal. */
enum Head {
  /** It is there, or has gone and no retention has deleted it: what is not there is missing. */
  HELD,
  /** Retention that somebody chose has deleted it. */
  DELETED,
  /** It has gone, and nobody noted why: version 0.1 did not. */
  UNNOTED;

  /**
   * @param first the lowest offset that is there
   * @param notedFrom retention notes what it deletes from this offset on; {@link Long#MAX_VALUE} if
   *     there is no note
   * @param deletedBelow retention has deleted what is below, as it noted
   */
  static Head of(long first, long notedFrom, long deletedBelow) {
    if (first == 1 || (notedFrom == 1 && deletedBelow == 1)) {
      return HELD;
    }
    return notedFrom == 1 && first <= deletedBelow ? DELETED : UNNOTED;
  }
}
