package io.spillway.redelivery;

import java.nio.ByteBuffer;

/**
 * A point in time that another process can measure from.
 *
 * @param boot names this run of the machine: the monotonic clock counts from its start
 * @param monotonicMs stands still while the machine sleeps
 * @param wallMs may be set at any time
 */
public record Moment(long boot, long monotonicMs, long wallMs) {
  static final int BYTES = 3 * Long.BYTES;

  /** Milliseconds since {@code earlier}, rather too many; as many as there are if unknown. */
  long since(Moment earlier) {
    return boot == earlier.boot
        ? Math.max(monotonicMs - earlier.monotonicMs, wallMs - earlier.wallMs)
        : Long.MAX_VALUE;
  }

  void write(ByteBuffer out) {
    out.putLong(boot).putLong(monotonicMs).putLong(wallMs);
  }

  static Moment read(ByteBuffer in) {
    return new Moment(in.getLong(), in.getLong(), in.getLong());
  }
}
