/**
 * The messages of the WebSocket subprotocol {@code spillway.v1}, encoded and decoded in one place
 * for both of its ends.
 *
 * <p>All are text messages. A batch is one JSON line that says what follows, and then the records
 * as they lie in the spool; everything else is one JSON object.
 */
package io.spillway.wire;
