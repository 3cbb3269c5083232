package io.spillway.iaq;

import io.spillway.message.AirQuantity;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;

/**
 * What one quantity of one sensor will be in half an hour. Values are gathered to minutes; several
 * methods guess, each guess is compared with what came of it, and the one that was best of late is
 * used, which is "stays as it is" unless another is clearly better. The interval is as wide as nine
 * of ten of the last day's errors were.
 *
 * <p>Less than 2 KB.
 */
final class Forecast {
  /** How far it looks, in minutes. */
  static final int HORIZON = 30;

  /** Part of the values that should lie in the interval. */
  static final double COVERAGE = 0.9;

  private static final double NORMAL_QUANTILE = 1.6449; // of a normal distribution, for 0.9
  private static final long MINUTE_MS = 60_000;
  private static final int CHECK_EVERY = 10;
  private static final int ERRORS = 24 * 60 / CHECK_EVERY;
  private static final int ERRORS_MIN = 18;
  private static final int LATE_MAX = 2;
  private static final double CHANGE_WEIGHT = 0.02;
  private static final double ERROR_WEIGHT = 0.01;
  private static final double CHANGE_VARIANCE_MIN = 1e-4;

  /** Another method has to be so much better than "stays as it is". */
  private static final double CLEARLY = 0.97;

  /** Guesses needed before another method than "stays as it is" may be used. */
  private static final int GUESSES_MIN = 36;

  /** How half an hour ahead is guessed. */
  enum Method {
    /** It stays as it is. */
    STAYS,
    /** A local trend that dies away. */
    TREND,
    /** It changes by as much as is usual at this time of day. */
    DAY,
    /** As before, and half of what is unusual now is gone then. */
    DAY_RETURN,
    /** What the trend and the time of day say, half each. */
    TREND_DAY;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int METHODS = Method.values().length;

  /**
   * A prediction.
   *
   * @param low nine of ten values should lie between this …
   * @param high … and this
   */
  record Prediction(double value, double low, double high, Method method) {}

  /** Guesses that wait for what comes. */
  private record Waiting(long target, double[] guesses, int chosen) {}

  private final AirQuantity quantity;
  private final Trend trend = new Trend();
  private final DayCycle day = new DayCycle();
  private final Deque<Waiting> waiting = new ArrayDeque<>(4);
  private final double[] error = new double[METHODS];
  private final int[] guesses = new int[METHODS];
  private final float[] errors = new float[ERRORS];
  private int errorCount;
  private long minute = -1;
  private double sum;
  private int count;
  private long closed = -1;
  private double last;
  private double changeVariance = 0.1;

  Forecast(AirQuantity quantity) {
    this.quantity = quantity;
  }

  /** The next value; one of an earlier minute comes too late. */
  void feed(long timeMs, double value) {
    long of = timeMs / MINUTE_MS;
    if (SensorClock.isSetBack(minute * MINUTE_MS, timeMs)) {
      waiting.clear();
      minute = of;
      sum = 0;
      count = 0;
      closed = -1;
    }
    if (of < minute) {
      return;
    }
    if (of > minute) {
      if (count > 0) {
        close(minute, sum / count / quantity.step());
      }
      minute = of;
      sum = 0;
      count = 0;
    }
    sum += value;
    count++;
  }

  /** Half an hour after the last whole minute; null while no minute is whole. */
  Prediction predict() {
    if (closed < 0) {
      return null;
    }
    double[] all = guesses();
    int chosen = choose(all);
    double reach = reach();
    double value = all[chosen] * quantity.step();
    double half = reach * quantity.step();
    return new Prediction(
        quantity.within(value),
        quantity.within(value - half),
        quantity.within(value + half),
        Method.values()[chosen]);
  }

  /** When the last whole minute ended, in ms since 1970. */
  long atMs() {
    return (closed + 1) * MINUTE_MS;
  }

  private void close(long at, double mean) {
    compare(at, mean);
    long gap = closed < 0 ? 0 : at - closed;
    if (gap > 0) {
      double change = mean - last;
      changeVariance += CHANGE_WEIGHT * (change * change / gap - changeVariance);
      changeVariance = Math.max(changeVariance, CHANGE_VARIANCE_MIN);
    }
    trend.observe(mean, gap, changeVariance);
    day.add(at, mean);
    last = mean;
    closed = at;
    if (waiting.isEmpty() || at - (waiting.peekLast().target() - HORIZON) >= CHECK_EVERY) {
      double[] all = guesses();
      waiting.add(new Waiting(at + HORIZON, all, choose(all)));
    }
  }

  /** What has become of earlier guesses. */
  private void compare(long at, double mean) {
    while (!waiting.isEmpty() && waiting.peek().target() <= at) {
      Waiting then = waiting.poll();
      if (at - then.target() <= LATE_MAX) {
        for (int i = 0; i < METHODS; i++) {
          if (!Double.isNaN(then.guesses()[i])) {
            double off = Math.abs(mean - then.guesses()[i]);
            double weight = Math.max(ERROR_WEIGHT, 1.0 / (guesses[i] + 1));
            error[i] += weight * (off - error[i]);
            guesses[i]++;
          }
        }
        errors[errorCount % ERRORS] = (float) Math.abs(mean - then.guesses()[then.chosen()]);
        errorCount++;
      }
    }
  }

  /** By method, in the order of {@link Method}; not a number where it is not known. */
  private double[] guesses() {
    double trending = trend.after(HORIZON);
    double level = trend.level();
    double sameChange = Double.NaN;
    double returned = Double.NaN;
    if (day.knows(closed, closed + HORIZON)) {
      double usualNow = day.at(closed);
      double usualThen = day.at(closed + HORIZON);
      sameChange = level + usualThen - usualNow;
      returned = usualThen + (level - usualNow) / 2;
    }
    return new double[] {last, trending, sameChange, returned, (trending + returned) / 2};
  }

  private int choose(double[] all) {
    int best = 0; // stays as it is
    for (int i = 1; i < METHODS; i++) {
      boolean tried = !Double.isNaN(all[i]) && guesses[i] >= GUESSES_MIN;
      double toBeat = best == 0 ? error[0] * CLEARLY : error[best];
      if (tried && error[i] < toBeat) {
        best = i;
      }
    }
    return best;
  }

  /** Half the width of the interval. */
  private double reach() {
    int known = Math.min(errorCount, ERRORS);
    if (known < ERRORS_MIN) {
      return NORMAL_QUANTILE * Math.sqrt(trend.varianceAfter(HORIZON, changeVariance));
    }
    float[] sorted = Arrays.copyOf(errors, known);
    Arrays.sort(sorted);
    return sorted[Math.min(known - 1, (int) Math.ceil(COVERAGE * (known + 1)) - 1)];
  }

  void write(DataOutput out) throws IOException {
    trend.write(out);
    day.write(out);
    out.writeByte(waiting.size());
    for (Waiting each : waiting) {
      out.writeLong(each.target());
      for (double guess : each.guesses()) {
        out.writeDouble(guess);
      }
      out.writeByte(each.chosen());
    }
    for (int i = 0; i < METHODS; i++) {
      out.writeDouble(error[i]);
      out.writeInt(guesses[i]);
    }
    out.writeInt(errorCount);
    for (int i = 0; i < Math.min(errorCount, ERRORS); i++) {
      out.writeFloat(errors[i]);
    }
    out.writeLong(minute);
    out.writeDouble(sum);
    out.writeInt(count);
    out.writeLong(closed);
    out.writeDouble(last);
    out.writeDouble(changeVariance);
  }

  void read(DataInput in) throws IOException {
    trend.read(in);
    day.read(in);
    for (int left = in.readByte(); left > 0; left--) {
      long target = in.readLong();
      double[] all = new double[METHODS];
      for (int i = 0; i < METHODS; i++) {
        all[i] = in.readDouble();
      }
      waiting.add(new Waiting(target, all, in.readByte()));
    }
    for (int i = 0; i < METHODS; i++) {
      error[i] = in.readDouble();
      guesses[i] = in.readInt();
    }
    errorCount = in.readInt();
    for (int i = 0; i < Math.min(errorCount, ERRORS); i++) {
      errors[i] = in.readFloat();
    }
    minute = in.readLong();
    sum = in.readDouble();
    count = in.readInt();
    closed = in.readLong();
    last = in.readDouble();
    changeVariance = in.readDouble();
  }
}
