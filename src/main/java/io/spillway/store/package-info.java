/**
 * Owns the server's journal, and knows for each edge and epoch which sequence number comes next
 * (its mark).
 *
 * <p>A record is acknowledged when it is on the disk, and stored once: what lies below the mark is
 * skipped. After a crash the marks are those of the last checkpoint, brought up to date from the
 * records behind it. A step that the records alone would not show, over sequence numbers that an
 * edge does not hold any more or that were rejected, is checkpointed before anything beyond it is
 * stored.
 */
package io.spillway.store;
