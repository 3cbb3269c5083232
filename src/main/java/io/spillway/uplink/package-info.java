/**
 * The one outbound connection of an edge: a WebSocket to the server, over which batches go and
 * acknowledgements come back.
 *
 * <p>It answers the batcher when the server has acknowledged. Between the two it may lose the
 * connection any number of times: what was not acknowledged is kept here, bounded by what the
 * batcher has outstanding, and sent again after the server has said where to go on. A link that is
 * silent is given up; one that is refused is explained in words.
 */
package io.spillway.uplink;
