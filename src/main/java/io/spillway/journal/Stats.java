package io.spillway.journal;

/**
 * Counters of a journal since it was opened.
 *
 * @param commits successful commits, each one fdatasync
 * @param records records in them
 * @param failures commits that failed
 * @param fsyncNanos time spent in fdatasync, nanoseconds
 * @param lastFsyncNanos the latest of them
 * @param segments segments on the disk now, the active one included
 * @param compressed segments compressed
 * @param quarantined records lost to quarantine at open
 */
public record Stats(
    long commits,
    long records,
    long failures,
    long fsyncNanos,
    long lastFsyncNanos,
    int segments,
    long compressed,
    long quarantined) {}
