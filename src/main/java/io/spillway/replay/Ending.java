package io.spillway.replay;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;

/**
 * Why a connection has ended, or did not come about.
 *
 * @param fault in words, with what to do about it
 * @param isFinal whether another attempt would end in the same
 */
record Ending(Fault fault, boolean isFinal) {
  /** It may be better the next time. */
  static Ending passing(FaultKind kind, String words) {
    return new Ending(new Fault(kind, words), false);
  }

  /** It will not be better before somebody has done something. */
  static Ending lasting(FaultKind kind, String words) {
    return new Ending(new Fault(kind, words), true);
  }
}
