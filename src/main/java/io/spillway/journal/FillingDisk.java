package io.spillway.journal;

import java.util.Locale;

/**
 * Tells in time that a disk is filling up: when less than a tenth of it is free, but not before it
 * is less than 10 GiB; and until a fifth more than that is free again.
 */
public final class FillingDisk {
  static final long LEAST_BYTES = 10L << 30;

  private static final double FREE_AGAIN = 1.2;
  private static final long FORECAST_AFTER_MS = 10 * 60_000L;
  private static final long FORECAST_OVER_MS = 24 * 3_600_000L;
  private static final double HOUR_MS = 3_600_000.0;

  private boolean filling;
  private long sinceMs;
  private long sinceFree = -1;
  private long lastFree;

  /** What is to be said about a disk, in words; empty if there is room. */
  public String look(long free, long total, long monotonicMs) {
    boolean roomMade = free - lastFree > total / 100;
    if (sinceFree < 0 || roomMade || monotonicMs - sinceMs > FORECAST_OVER_MS) {
      sinceMs = monotonicMs;
      sinceFree = free;
    }
    lastFree = free;
    double threshold = Math.min(total / 10.0, LEAST_BYTES);
    filling = free < (filling ? threshold * FREE_AGAIN : threshold);
    if (!filling) {
      return "";
    }
    double mebibytes = free / 1048576.0;
    String room = String.format(Locale.ROOT, "%,.0f MiB of the disk are free", mebibytes);
    return room + forecast(free, monotonicMs);
  }

  private String forecast(long free, long nowMs) {
    long elapsedMs = nowMs - sinceMs;
    long used = sinceFree - free;
    if (elapsedMs < FORECAST_AFTER_MS || used <= 0) {
      return "";
    }
    double hours = free / (double) used * elapsedMs / HOUR_MS;
    return hours < 48
        ? String.format(Locale.ROOT, ", full in about %.0f h", Math.max(1, hours))
        : String.format(Locale.ROOT, ", full in about %.0f days", hours / 24);
  }
}
