/**
 * The WebSockets that bring records in. An edge speaks {@code spillway.v1} and gets an
 * acknowledgement for what is on the disk ({@link io.spillway.server.ingest.EdgeSession}); any
 * other client sends records as JSON text ({@link io.spillway.server.ingest.PlainSession}).
 */
package io.spillway.server.ingest;
