/**
 * One HTTP port for everything the server is asked. {@link io.spillway.server.Server} has the list
 * of {@linkplain io.spillway.server.part.Part parts}: records in ({@code ingest}, {@code api}),
 * records out ({@code live}, {@code search}), the way to a broker ({@code mqtt}), how it all is
 * ({@code status}) and the {@code pages}. They do not know each other; who may come in ({@code
 * auth}), how a record is shown ({@code records}) and what a part is ({@code part}) they share.
 *
 * <p>A token is checked before a connection becomes a WebSocket. What comes in is bounded: the size
 * of a message, the bytes of one connection that wait for the disk, the connections in all.
 */
package io.spillway.server;
