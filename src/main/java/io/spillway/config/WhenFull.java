package io.spillway.config;

/** What the edge does with a new reading while its spool is full. */
public enum WhenFull {
  /** Stop acknowledging: the broker keeps the messages. */
  BLOCK,
  /** Make room by deleting the oldest unsent records, and count them. */
  DROP_OLDEST,
  /** Leave the spool as it is and count the new reading as dropped. */
  DROP_NEWEST
}
