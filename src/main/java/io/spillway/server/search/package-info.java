/**
 * Records out over HTTP: {@code GET /api/records} by their offsets, {@code GET /api/iaq/data} the
 * newest measurements by their times.
 *
 * <p>A page of records is read slice by slice and bounded by records, bytes and what is looked at,
 * so no request holds the event loop or the memory. The cursor is that of the WebSocket: the first
 * offset wanted. Where there is a database, {@link io.spillway.server.search.RecordsSearch} and
 * {@link io.spillway.server.search.MeasurementSearch} ask it, over the bus, for what the journal
 * has no more.
 */
package io.spillway.server.search;
