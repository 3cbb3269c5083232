package io.spillway.server.status;

/**
 * How fast a number changes, smoothed over some seconds. A counter that begins anew after a restart
 * counts from there.
 *
 * @param counter whether it only grows
 * @param values how many were seen, up to 2
 * @param last of the values
 * @param lastMs when it was seen
 * @param perSecond negative if the number falls
 */
record SmoothedRate(boolean counter, int values, long last, long lastMs, double perSecond) {
  private static final double SMOOTH_OVER_MS = 2_500;

  /** Of a number that was not seen yet. */
  static SmoothedRate of(boolean counter) {
    return new SmoothedRate(counter, 0, 0, 0, 0);
  }

  /** The number has this value now. */
  SmoothedRate at(long value, long nowMs) {
    if (values == 0) {
      return new SmoothedRate(counter, 1, value, nowMs, 0);
    }
    long tookMs = nowMs - lastMs;
    if (tookMs <= 0) {
      return this;
    }
    if (counter && value < last) {
      return new SmoothedRate(counter, values, value, nowMs, perSecond);
    }
    double now = (value - last) * 1e3 / tookMs;
    double weight = values == 1 ? 1 : 1 - Math.exp(-tookMs / SMOOTH_OVER_MS);
    return new SmoothedRate(counter, 2, value, nowMs, perSecond + weight * (now - perSecond));
  }
}
