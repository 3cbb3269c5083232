/**
 * Live WebSockets: clients get records the moment these are stored, may come late and miss nothing,
 * and a slow one costs the others nothing.
 *
 * <p>{@link io.spillway.server.live.Hub} puts what the store publishes in order; {@link
 * io.spillway.server.live.Broadcast} encodes each record once and sends it to the groups that have
 * chosen it; {@link io.spillway.server.live.Replays} lead clients through the journal to where live
 * begins; {@link io.spillway.server.live.LiveEndpoint} speaks with clients. All on one event loop.
 */
package io.spillway.server.live;
