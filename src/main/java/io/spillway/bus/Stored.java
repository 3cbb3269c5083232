package io.spillway.bus;

/**
 * The store's answer.
 *
 * @param next the lowest sequence number of this edge that is not on disk; 0 for a plain client
 * @param offset the journal's next offset
 */
public record Stored(long next, long offset) {}
