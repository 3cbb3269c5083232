/**
 * How the server and all that sends to it is, from what roles say of themselves once a second: one
 * judge ({@link io.spillway.server.status.Judge}) says whether a role is well, and {@code /health},
 * {@code /api/pipeline} and the metrics all ask it.
 *
 * <p>The pipeline is the whole way of a record as stages, each with how it is: those of every edge,
 * also of one that is reached over its WebSocket only and tells how it is in status messages
 * ({@link io.spillway.server.status.KnownEdges}), and those of this server. What an edge tells is
 * untrusted: it is cut to size on the wire, comes not too often, and of so many edges only.
 */
package io.spillway.server.status;
