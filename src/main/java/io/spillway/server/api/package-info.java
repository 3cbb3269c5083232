/**
 * What the server answers over HTTP. {@link io.spillway.server.api.ApiEndpoint} puts the routes
 * together: records in ({@code POST /api/ingest}), records out ({@code GET /api/records}, {@code
 * GET /api/iaq/data}), what a page has to know ({@code GET /config}) and the description of it all
 * ({@code /openapi.json}). {@link io.spillway.server.status.StatusEndpoint} tells how the server
 * is.
 *
 * <p>An upload is stored piece by piece while it comes, so its length has no limit; a page of
 * records is read slice by slice and bounded by records, bytes and what is looked at, so no request
 * holds the event loop or the memory. How many of each there may be at once is bounded, too; beyond
 * it the answer is 429. The cursor is that of the WebSocket: the first offset wanted.
 *
 * <p>Where there is a database, {@link io.spillway.server.search.RecordsSearch} and {@link
 * io.spillway.server.search.MeasurementSearch} ask it, over the bus, for what the journal has no
 * more.
 */
package io.spillway.server.api;
