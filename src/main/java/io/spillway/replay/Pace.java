package io.spillway.replay;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** So many lines a second, evenly; knows no clock. */
final class Pace {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,3})?)(?:/s)?");
  private static final double SECOND_NS = 1e9;

  /** In which time a message's worth of lines goes. */
  private static final long MESSAGE_NS = 100_000_000;

  private static final int LINES_MAX = 1_000;

  private final double perSecond;
  private long dueNs = Long.MIN_VALUE;

  /**
   * As given.
   *
   * @param perSecond infinite for as fast as it goes
   */
  Pace(double perSecond) {
    this.perSecond = perSecond;
  }

  static Pace unlimited() {
    return new Pace(Double.POSITIVE_INFINITY);
  }

  /** Reads {@code 100/s}, {@code 100} or {@code 0.5/s}; null if it is none, or 0. */
  static Pace of(String text) {
    Matcher rate = TEXT.matcher(text);
    double perSecond = rate.matches() ? Double.parseDouble(rate.group(1)) : 0;
    return perSecond > 0 ? new Pace(perSecond) : null;
  }

  /** How many lines may go in one message, so that they do not come in gushes. */
  int atOnce() {
    return (int) Math.max(1, Math.min(LINES_MAX, perSecond * MESSAGE_NS / SECOND_NS));
  }

  /** How long the next lines have to wait. */
  long waitNs(long nowNs) {
    return dueNs == Long.MIN_VALUE ? 0 : Math.max(0, dueNs - nowNs);
  }

  /** Lines went. What a timer was late is made up for, what a link was down is not. */
  void sent(int lines, long nowNs) {
    long since = dueNs == Long.MIN_VALUE ? nowNs : Math.max(dueNs, nowNs - MESSAGE_NS);
    dueNs = since + (long) (lines * SECOND_NS / perSecond);
  }
}
