package io.spillway.source;

/**
 * How fast messages come, and so whether it is worth it to let some more gather before the socket
 * is read. Below the threshold every message goes to the disk at once; above it, commits are
 * shared.
 */
final class ArrivalRate {
  private static final double WINDOW_MS = 20;

  /** Smaller windows than this are not worth the attention. */
  private static final int SMALLEST_WINDOW = 10;

  /** So many reads in a row with the same number of messages are no chance. */
  private static final int SAME_MAX = 3;

  private static final int READS_AT_ONCE = 100;

  private final double busyPerMs;
  private double perMs;
  private long lastNanos;
  private int lastCount;
  private int same;
  private int readsAtOnce;

  /**
   * @param busyPerSecond from so many messages a second on, gathering is worth it
   */
  ArrivalRate(int busyPerSecond) {
    busyPerMs = busyPerSecond / 1000.0;
  }

  /** A read has brought {@code count} messages. */
  void arrived(int count, long nowNanos) {
    double elapsedMs = Math.max(0.01, (nowNanos - lastNanos) / 1e6);
    lastNanos = nowNanos;
    double weight = Math.min(1, elapsedMs / WINDOW_MS);
    boolean gathered = pending();
    perMs += weight * (count / elapsedMs - perMs);
    same = gathered && count == lastCount && count >= SMALLEST_WINDOW ? same + 1 : 1;
    lastCount = count;
    readsAtOnce = same >= SAME_MAX ? READS_AT_ONCE : Math.max(0, readsAtOnce - 1);
  }

  /**
   * Messages come fast. But when gathering brings the same number again and again, the broker has a
   * window of that many unacknowledged messages (Mosquitto: {@code max_inflight_messages}) and
   * waits for us: then the next reads come at once.
   */
  boolean pending() {
    return perMs >= busyPerMs && readsAtOnce == 0;
  }
}
