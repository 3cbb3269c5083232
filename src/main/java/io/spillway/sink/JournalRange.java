package io.spillway.sink;

import io.spillway.bus.Records;
import io.spillway.bus.StoredBatch;

/** What the journal holds, as far as a sink has heard of it. */
final class JournalRange {
  private static final long NEVER_MS = Long.MIN_VALUE / 2;

  private final Lag lag = new Lag();
  private String journal;
  private long oldest;
  private long end;
  private long storedAtMs = NEVER_MS;

  /** Where the gap that was told last begins, and the offset behind it. */
  private long gapFrom;

  private long gapTo;

  /** Whose offsets these are; null before the first answer. */
  String journal() {
    return journal;
  }

  /** The lowest offset still held. */
  long oldest() {
    return oldest;
  }

  /** The offset that the next record gets; never goes back. */
  long end() {
    return end;
  }

  /** The store has answered. */
  void heard(Records answer, long nowMs) {
    journal = answer.journal();
    oldest = answer.oldest();
    grown(answer.end(), nowMs);
  }

  /** The store has told of new records; those of another host's journal mean nothing here. */
  void heard(StoredBatch batch, long nowMs) {
    if (batch.journal().equals(journal)) {
      storedAtMs = nowMs;
      grown(batch.next(), nowMs);
    }
  }

  private void grown(long to, long nowMs) {
    end = Math.max(end, to);
    lag.stored(end, nowMs);
  }

  /** Everything below {@code next} is settled. */
  void settled(long next) {
    lag.written(next);
  }

  /** How many records are held that are not below {@code next}. */
  long behind(long next) {
    return Math.max(0, end - Math.max(next, oldest));
  }

  /** How long the oldest record that is not settled has been waiting. */
  long lagMs(long nowMs) {
    return lag.ms(nowMs);
  }

  /** How long ago somebody stored something. */
  long sinceStoredMs(long nowMs) {
    return nowMs - storedAtMs;
  }

  /**
   * Retention has deleted the records from {@code from} to below {@code first}.
   *
   * @return how many they are, without those that were told at an earlier attempt
   */
  long missed(long from, long first) {
    long known = from == gapFrom ? gapTo : from;
    gapFrom = from;
    gapTo = Math.max(known, first);
    return gapTo - known;
  }
}
