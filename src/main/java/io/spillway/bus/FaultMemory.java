package io.spillway.bus;

/** Remembers the last fault of a role from what the role says now and then. */
final class FaultMemory {
  private String words = "";
  private long beganMs;
  private long endedMs;
  private boolean lasting;

  /**
   * @param fault what is wrong now; empty if nothing is
   * @param nowMs of a clock that nobody sets
   */
  LastFault at(String fault, long nowMs) {
    boolean wrong = !fault.isEmpty();
    if (wrong && !lasting) {
      beganMs = nowMs;
    } else if (!wrong && lasting) {
      endedMs = nowMs;
    }
    words = wrong ? fault : words;
    lasting = wrong;
    if (words.isEmpty()) {
      return LastFault.NONE;
    }
    return new LastFault(words, nowMs - beganMs, lasting ? 0 : Math.max(1, nowMs - endedMs));
  }
}
