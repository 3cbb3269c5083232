package io.spillway.server.live;

/**
 * Whether a client is still there: it is pinged from time to time, and has to let something be
 * heard within a while. Times are of the monotonic clock, in nanoseconds.
 */
final class Keepalive {
  private final long openedNanos;
  private long heardNanos;

  /** When the last ping was sent; at first, when the connection was opened. */
  private long pingedNanos;

  Keepalive(long nowNanos) {
    openedNanos = nowNanos;
    heardNanos = nowNanos;
    pingedNanos = nowNanos;
  }

  /** When the connection was opened. */
  long openedNanos() {
    return openedNanos;
  }

  /** Something came, whatever it was. */
  void heard(long nowNanos) {
    heardNanos = nowNanos;
  }

  /** Whether nothing has been heard for longer than {@code idleNanos}. */
  boolean isIdle(long nowNanos, long idleNanos) {
    return nowNanos - heardNanos > idleNanos;
  }

  /** Whether a ping is to be sent now, {@code everyNanos} after the last one. */
  boolean isPingDue(long nowNanos, long everyNanos) {
    return nowNanos - pingedNanos >= everyNanos;
  }

  /** A ping is sent. */
  void pinged(long nowNanos) {
    pingedNanos = nowNanos;
  }
}
