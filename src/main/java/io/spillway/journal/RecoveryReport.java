package io.spillway.journal;

/**
 * What opening a journal found.
 *
 * @param records whole records in the active segment, and in FRAMED in all segments
 * @param tornBytes bytes cut off because a write was never finished
 * @param quarantinedFiles files made in {@code quarantine/}
 * @param quarantinedBytes bytes in them
 * @param quarantinedRecords offsets that have no record any more because of that; a best guess
 *     where the damage hides how many there were
 * @param next the offset behind the last record; the next one gets it, or a higher one where the
 *     journal is known to have been longer
 */
public record RecoveryReport(
    long records,
    long tornBytes,
    int quarantinedFiles,
    long quarantinedBytes,
    long quarantinedRecords,
    long next) {}
