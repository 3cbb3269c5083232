package io.spillway.server.live;

import io.spillway.server.auth.Grant;

/**
 * How a client was let in.
 *
 * @param peer its address, for what it sends that is no record
 * @param grant by which token; whoever may also send is on an open server, where what is no command
 *     is a record
 * @param left to be called when it has gone
 */
record Admittance(String peer, Grant grant, Runnable left) {}
