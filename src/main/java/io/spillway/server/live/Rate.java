package io.spillway.server.live;

/** How many in all, and how many a second over about the last ten seconds. */
final class Rate {
  private static final double WEIGHT = 0.2;

  private long total;
  private long totalBefore;
  private double perSecond;

  void add(long more) {
    total += more;
  }

  /** A second has passed. */
  void tick() {
    perSecond += ((double) (total - totalBefore) - perSecond) * WEIGHT;
    totalBefore = total;
  }

  long total() {
    return total;
  }

  /** With one decimal. */
  double perSecond() {
    return Math.round(perSecond * 10) / 10.0;
  }
}
