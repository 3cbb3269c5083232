package io.spillway.bus;

/** Remembers the last fault of a role from what the role says now and then. */
final class FaultMemory {
  private Fault fault = Fault.NONE;
  private long beganMs;
  private long endedMs;
  private boolean lasting;

  /**
   * @param now what is wrong now; {@link Fault#NONE} if nothing is
   * @param nowMs of the monotonic clock
   */
  LastFault at(Fault now, long nowMs) {
    boolean wrong = !now.isEmpty();
    if (wrong && !lasting) {
      beganMs = nowMs;
    } else if (!wrong && lasting) {
      endedMs = nowMs;
    }
    fault = now.or(fault);
    lasting = wrong;
    if (fault.isEmpty()) {
      return LastFault.NONE;
    }
    return new LastFault(fault, nowMs - beganMs, lasting ? 0 : Math.max(1, nowMs - endedMs));
  }
}
