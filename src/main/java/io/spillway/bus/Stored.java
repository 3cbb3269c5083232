package io.spillway.bus;

/**
 * The store's answer.
 *
 * @param next the lowest sequence number of this edge that is not on disk; 0 for a plain client
 * @param offset the journal's next offset
 * @param lostFrom of a beginning: from there on to where it goes on nothing is here of what a
 *     server had acknowledged; 0 if nothing is known to be lost
 */
public record Stored(long next, long offset, long lostFrom) {
  /** Nothing is known to be lost. */
  public Stored(long next, long offset) {
    this(next, offset, 0);
  }
}
