/**
 * The command {@code replay}: journals, or {@code rejected.ndjson}, once more to a server or a
 * broker.
 *
 * <p>To a server it is an edge like any other, in {@code spillway.v1}, whose spool is the source:
 * the epoch is made of what is in it ({@link io.spillway.replay.Identity}), and the number of a
 * record is that of its line. So the server knows at each run what it has, and twice is once; only
 * what it has acknowledged counts. A broker knows nothing, and what it has acknowledged is noted
 * beside the source.
 *
 * <p>It stands beside {@code Main}, and nobody imports it. Of the roles it takes what reads files
 * and shows progress ({@code tools}). {@link io.spillway.replay.Course}, {@link
 * io.spillway.replay.Pace} and {@link io.spillway.replay.Shaper} decide; {@link
 * io.spillway.replay.Replaying} and {@link io.spillway.replay.Carrying} do.
 */
package io.spillway.replay;
