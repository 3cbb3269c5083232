/**
 * What flows through the system, as immutable values: readings as a source hands them over, NDJSON
 * lines as they are stored, batches as they are sent.
 *
 * <p>Whoever looks at a record looks at it here: its time ({@link io.spillway.message.RecordTime}),
 * its key in a database ({@link io.spillway.message.RecordKey}), the quantities of indoor air and
 * their units ({@link io.spillway.message.AirQuantity}).
 *
 * <p>Nothing here does I/O and nothing here knows the rest of the program. A line is encoded once,
 * at the edge ({@link io.spillway.message.Enricher}), and the same bytes then pass through spool,
 * WebSocket frame, server journal and live frame.
 */
package io.spillway.message;
