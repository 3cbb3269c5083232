package io.spillway.server.part;

/**
 * Whether a client is still there: it is pinged from time to time, and has to let something be
 * heard within a while. Times are {@linkplain AwakeTime awake}, in nanoseconds.
 */
public final class Keepalive {
  private final long openedNanos;
  private long heardNanos;

  /** When the last ping was sent; at first, when the connection was opened. */
  private long pingedNanos;

  /** Of one that is opened now. */
  public Keepalive(long nowNanos) {
    openedNanos = nowNanos;
    heardNanos = nowNanos;
    pingedNanos = nowNanos;
  }

  /** When the connection was opened. */
  public long openedNanos() {
    return openedNanos;
  }

  /** Something came, whatever it was. */
  public void heard(long nowNanos) {
    heardNanos = nowNanos;
  }

  /** Whether nothing has been heard for longer than {@code idleNanos}. */
  public boolean isIdle(long nowNanos, long idleNanos) {
    return nowNanos - heardNanos > idleNanos;
  }

  /** Whether a ping is to be sent now, {@code everyNanos} after the last one. */
  public boolean isPingDue(long nowNanos, long everyNanos) {
    return nowNanos - pingedNanos >= everyNanos;
  }

  /** Whether it was pinged, and nothing has been heard since, and not for {@code idleNanos}. */
  public boolean isGone(long nowNanos, long idleNanos) {
    return pingedNanos - heardNanos > 0 && isIdle(nowNanos, idleNanos);
  }

  /** A ping is sent. */
  public void pinged(long nowNanos) {
    pingedNanos = nowNanos;
  }
}
