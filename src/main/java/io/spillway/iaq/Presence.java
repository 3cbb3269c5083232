package io.spillway.iaq;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Whether a sensor is there: it is stale after some of its usual intervals without a measurement.
 *
 * <p>The usual interval is learned from the times of the measurements; silence is counted on this
 * machine's clock, from when the last one was looked at, so that an edge that catches up after an
 * outage makes nobody stale.
 */
final class Presence {
  /** The usual interval is the median of so many: one night of silence, or one leap, is none. */
  private static final int INTERVALS = 7;

  private final long[] intervals = new long[INTERVALS];
  private int count;
  private long lastMs;
  private long heardMs;
  private boolean stale;

  /** A measurement of that time, looked at now. */
  void heard(long timeMs, long nowMs) {
    long interval = timeMs - lastMs;
    if (lastMs > 0 && interval > 0 && !stale) {
      intervals[count++ % INTERVALS] = interval;
    }
    lastMs = SensorClock.after(lastMs, timeMs);
    heardMs = nowMs;
    stale = false;
  }

  /** Silence may last so long, in ms. */
  long allowedMs(int factor, long leastMs) {
    return Math.max(leastMs, factor * usualMs());
  }

  /** Time since it was heard, in ms. */
  long silentMs(long nowMs) {
    return nowMs - heardMs;
  }

  boolean isStale() {
    return stale;
  }

  void setStale() {
    stale = true;
  }

  /** The time of the last measurement, in ms since 1970. */
  long lastMs() {
    return lastMs;
  }

  /** The usual time between two measurements, in ms; 0 while it is not known. */
  long usualMs() {
    int known = Math.min(count, INTERVALS);
    long[] sorted = Arrays.copyOf(intervals, known);
    Arrays.sort(sorted);
    return known == 0 ? 0 : sorted[(known - 1) / 2];
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(lastMs);
    out.writeInt(count);
    for (long interval : intervals) {
      out.writeLong(interval);
    }
    out.writeBoolean(stale);
  }

  /** Silence is counted from {@code nowMs} on: nobody has listened before. */
  void read(DataInput in, long nowMs) throws IOException {
    lastMs = in.readLong();
    count = in.readInt();
    for (int i = 0; i < INTERVALS; i++) {
      intervals[i] = in.readLong();
    }
    stale = in.readBoolean();
    heardMs = nowMs;
  }
}
