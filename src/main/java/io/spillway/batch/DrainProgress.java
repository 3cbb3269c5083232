package io.spillway.batch;

import io.spillway.config.BatchConfig;

/** Whether the drain gets on: what it got rid of, and how long ago that was. */
final class DrainProgress {
  private final BatchConfig batch;
  private long done;
  private long lastMs;
  private long wantedMs;

  DrainProgress(BatchConfig batch, long nowMs) {
    this.batch = batch;
    lastMs = nowMs;
    wantedMs = nowMs;
  }

  /** Records were acknowledged, or set aside. */
  void made(long records, long nowMs) {
    done += records;
    lastMs = nowMs;
  }

  /** From now on something waits, after a time when nothing did. */
  void waitsSince(long nowMs) {
    lastMs = nowMs;
  }

  /** Records that the drain has got rid of. */
  long done() {
    return done;
  }

  /**
   * Progress is wanted now: whether it may be expected. It may for {@code patienceMs} since the
   * last one; if that is longer ago, because nothing was wanted, for as long from now on.
   */
  boolean isMoving(long patienceMs, long nowMs) {
    if (wantedMs < lastMs) {
      wantedMs = nowMs;
    }
    return nowMs - Math.max(lastMs, wantedMs) < patienceMs;
  }

  /** Milliseconds without any progress while records wait; 0 while none does. */
  long lagMs(long waiting, long nowMs) {
    return waiting == 0 ? 0 : nowMs - lastMs;
  }

  /**
   * Of those that wait, those that should be on their way: not what is young and fills no batch.
   */
  long due(long waiting, long nowMs) {
    boolean young =
        waiting < batch.maxRecords() && lagMs(waiting, nowMs) < batch.interval().toMillis();
    return young ? 0 : waiting;
  }
}
