/**
 * Owns the server's journal, and knows for each edge and epoch which sequence number comes next
 * (its high-water mark).
 *
 * <p>A record is acknowledged when it is on the disk, and stored once: what lies below the mark is
 * skipped. After a crash the marks are those of the last checkpoint, brought up to date from the
 * records behind it. A step that the records alone would not show, over sequence numbers that an
 * edge does not hold any more or that were rejected, is checkpointed before anything beyond it is
 * stored.
 *
 * <p>What a request is, and what may be answered when, is decided by {@code EdgeMarks} and {@code
 * EdgeMark}, without a timer or a future; {@code Sequencer}, {@code Appender} and {@code
 * CheckpointWriter} do it.
 */
package io.spillway.store;
