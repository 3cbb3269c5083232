/**
 * Stored records as readers choose and get them, the same for live WebSockets and HTTP: by topic,
 * and with {@code type} and {@code _offset} added.
 */
package io.spillway.server.records;
