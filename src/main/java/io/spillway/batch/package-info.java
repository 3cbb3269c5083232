/**
 * Owns the spool, the edge's journal. Takes what sources hand over and answers when it is on disk;
 * gives it to the uplink in batches, and lets go of what the server has acknowledged.
 *
 * <p>The spool also remembers the last messages it accepted, in the same commit as the records they
 * became, so that a message which a broker delivers again after a crash is not stored twice.
 *
 * <p>A number stands for one record for ever: a spool of which it is not certain which numbers it
 * gave out begins a new epoch, and what it had is sent first, as what it is ({@code Spool}).
 */
package io.spillway.batch;
