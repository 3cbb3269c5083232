/**
 * One HTTP port for everything the server is asked: edges and plain clients that send over a
 * WebSocket ({@code server.ingest}), health and metrics ({@code server.api}), and who may do what
 * ({@code server.auth}).
 *
 * <p>A token is checked before a connection becomes a WebSocket. What comes in is bounded: the size
 * of a message, the bytes of one connection that wait for the disk, the connections in all.
 */
package io.spillway.server;
