package io.spillway.server.live;

import io.spillway.server.auth.Pass;

/**
 * How a client was let in.
 *
 * @param peer its address, for what it sends that is no record
 * @param pass by which token; whoever may also send is on an open server, where what is no command
 *     is a record
 * @param left to be called when it has gone
 */
record Visit(String peer, Pass pass, Runnable left) {}
