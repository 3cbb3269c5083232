package io.spillway.redelivery;

/**
 * A point in time that another process can measure from.
 *
 * @param boot names this run of the machine: the monotonic clock counts from its start
 * @param monotonicMs stands still while the machine sleeps
 * @param wallMs may be set at any time
 */
public record Moment(long boot, long monotonicMs, long wallMs) {
  /** Milliseconds since {@code earlier}, rather too many; as many as there are if unknown. */
  long since(Moment earlier) {
    return boot == earlier.boot
        ? Math.max(monotonicMs - earlier.monotonicMs, wallMs - earlier.wallMs)
        : Long.MAX_VALUE;
  }
}
