/**
 * The whole way of a record as stages, each with how it is: those of every edge, also of one that
 * is reached over its WebSocket only and tells how it is in status messages ({@link
 * io.spillway.server.status.KnownEdges}), and those of this server.
 *
 * <p>What an edge tells is untrusted: it is cut to size on the wire, comes not too often, and of so
 * many edges only.
 */
package io.spillway.server.status;
