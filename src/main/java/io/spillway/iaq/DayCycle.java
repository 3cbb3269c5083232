package io.spillway.iaq;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What is usual at each half hour of the day, UTC; a day counts a quarter of what was known. */
final class DayCycle {
  private static final int BINS = 48;
  private static final int MINUTES = 24 * 60 / BINS;
  private static final int DAY = 24 * 60;
  private static final double WEIGHT = 0.25;
  private static final int DAYS_MIN = 2;
  private static final int DAYS_COUNTED = 100;

  private final float[] usual = new float[BINS];
  private final byte[] days = new byte[BINS];
  private long current = -1;
  private double sum;
  private int count;

  /** The mean of one minute; minutes come in order. */
  void add(long minute, double value) {
    long slot = minute / MINUTES;
    if (slot != current) {
      close();
      current = slot;
    }
    sum += value;
    count++;
  }

  private void close() {
    if (count >= MINUTES / 3) {
      int bin = (int) (current % BINS);
      double mean = sum / count;
      usual[bin] = (float) (days[bin] == 0 ? mean : usual[bin] + WEIGHT * (mean - usual[bin]));
      days[bin] = (byte) Math.min(days[bin] + 1, DAYS_COUNTED);
    }
    sum = 0;
    count = 0;
  }

  /** Whether at least two days were seen around both minutes. */
  boolean knows(long from, long to) {
    for (long minute : new long[] {from, to}) {
      int bin = binBefore(minute);
      if (days[bin] < DAYS_MIN || days[(bin + 1) % BINS] < DAYS_MIN) {
        return false;
      }
    }
    return true;
  }

  /** What is usual then: between the middles of two half hours. */
  double at(long minute) {
    int bin = binBefore(minute);
    double into = Math.floorMod(minute - MINUTES / 2, (long) DAY) - (double) bin * MINUTES;
    double next = usual[(bin + 1) % BINS];
    return usual[bin] + (next - usual[bin]) * into / MINUTES;
  }

  private static int binBefore(long minute) {
    return (int) (Math.floorMod(minute - MINUTES / 2, (long) DAY) / MINUTES);
  }

  void write(DataOutput out) throws IOException {
    for (int i = 0; i < BINS; i++) {
      out.writeFloat(usual[i]);
      out.writeByte(days[i]);
    }
    out.writeLong(current);
    out.writeDouble(sum);
    out.writeInt(count);
  }

  void read(DataInput in) throws IOException {
    for (int i = 0; i < BINS; i++) {
      usual[i] = in.readFloat();
      days[i] = in.readByte();
    }
    current = in.readLong();
    sum = in.readDouble();
    count = in.readInt();
  }
}
