package io.spillway.server.live;

/**
 * How a client was let in.
 *
 * @param peer its address, for what it sends that is no record
 * @param mayWrite the server is open, so that what is no command is a record
 * @param left to be called when it has gone
 */
record Visit(String peer, boolean mayWrite, Runnable left) {}
