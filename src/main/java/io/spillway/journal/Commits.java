package io.spillway.journal;

/** Counters the writer thread keeps for {@link Stats}; any thread may read them. */
final class Commits {
  private volatile long commits;
  private volatile long records;
  private volatile long failures;
  private volatile long fsyncNanos;
  private volatile long lastFsyncNanos;

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
  void succeeded(long newRecords, long nanos) {
    commits++;
    records += newRecords;
    fsyncNanos += nanos;
    lastFsyncNanos = nanos;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
  void failed() {
    failures++;
  }

  Stats with(int segments, long compressed, long quarantined) {
    return new Stats(
        commits, records, failures, fsyncNanos, lastFsyncNanos, segments, compressed, quarantined);
  }
}
