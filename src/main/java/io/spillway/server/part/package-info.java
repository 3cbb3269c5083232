/**
 * What a {@link io.spillway.server.part.Part} of the server is, and what parts share: how a route
 * of the API is added ({@link io.spillway.server.part.ApiRoutes}), how a request is read ({@link
 * io.spillway.server.part.Parameters}) and answered ({@link io.spillway.server.part.Responses}),
 * and how one part tells another of edges ({@link io.spillway.server.part.EdgeObserver}).
 */
package io.spillway.server.part;
