package io.spillway.redelivery;

/**
 * A connection that is about to be asked for.
 *
 * @param session names the broker and the client identifier
 * @param at now
 * @param upMs for how long the broker says that it has been running; negative if it does not
 * @param named the broker is of a make that is known to count its identifiers up
 */
public record Beginning(long session, Moment at, long upMs, boolean named) {}
