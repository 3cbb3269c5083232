/**
 * What the server answers over HTTP beside what other parts do: records in ({@code POST
 * /api/ingest}), what a page has to know ({@code GET /config}) and the description of the whole API
 * ({@code /openapi.json}).
 *
 * <p>An upload is stored piece by piece while it comes, so its length has no limit. How many of
 * them there may be at once is bounded; beyond it the answer is 429.
 */
package io.spillway.server.api;
