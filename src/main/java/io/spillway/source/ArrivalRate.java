package io.spillway.source;

/**
 * How fast messages come, and so whether it is worth it to let some more gather before the socket
 * is read. Below the threshold every message goes to the disk at once; above it, commits are
 * shared.
 *
 * <p>When gathering brings the same number again and again, the broker may have a window of that
 * many unacknowledged messages (Mosquitto: {@code max_inflight_messages}) and wait for us: then the
 * next reads come at once. If that makes messages come faster, it was so. If not, they come evenly,
 * and each read at once costs a commit: the same guess is then left alone for a while, each time
 * for longer.
 */
final class ArrivalRate {
  private static final double WINDOW_MS = 20;

  /** Smaller windows than this are not worth the attention. */
  private static final int SMALLEST_WINDOW = 10;

  /** So many reads in a row with the same number of messages are no chance. */
  private static final int SAME_MAX = 3;

  private static final int READS_AT_ONCE = 100;

  /** By this factor messages come faster where a broker has waited for us. */
  private static final double FASTER = 1.25;

  private static final int DOUBT_FIRST = 100;
  private static final int DOUBT_MAX = 3_200;

  private final double busyPerMs;
  private double perMs;
  private double perMsGathered;
  private long lastNanos;
  private int lastCount;
  private int same;
  private int readsAtOnce;

  /** So many reads of gathered messages are to come before the next guess. */
  private int doubt;

  private int nextDoubt = DOUBT_FIRST;

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
    if (readsAtOnce > 0) {
      readAtOnce();
    } else {
      same = gathered && count == lastCount && count >= SMALLEST_WINDOW ? same + 1 : 1;
      doubt = Math.max(0, doubt - (gathered ? 1 : 0));
      if (same >= SAME_MAX && doubt == 0) {
        perMsGathered = perMs;
        readsAtOnce = READS_AT_ONCE;
      }
    }
    lastCount = count;
  }

  private void readAtOnce() {
    readsAtOnce--;
    if (readsAtOnce > 0) {
      return;
    }
    same = 1;
    if (perMs >= FASTER * perMsGathered) {
      nextDoubt = DOUBT_FIRST;
    } else {
      doubt = nextDoubt;
      nextDoubt = Math.min(DOUBT_MAX, 2 * nextDoubt);
    }
  }

  /** Messages come fast, and no broker seems to wait for us before it sends more. */
  boolean pending() {
    return perMs >= busyPerMs && readsAtOnce == 0;
  }
}
