package io.spillway.bus;

/**
 * The last thing that was wrong with a role, also after it is mended. Times are ages, so that a
 * machine whose clock is wrong tells them right.
 *
 * @param fault what was wrong; {@link Fault#NONE} if nothing ever was
 * @param beganAgoMs how long ago it began
 * @param endedAgoMs how long ago it ended; 0 while it lasts
 */
public record LastFault(Fault fault, long beganAgoMs, long endedAgoMs) {
  /** Nothing has been wrong so far. */
  public static final LastFault NONE = new LastFault(Fault.NONE, 0, 0);

  /** The same times, of this fault. */
  LastFault of(Fault other) {
    return new LastFault(other, beganAgoMs, endedAgoMs);
  }

  /** Without its kind, which older versions do not know: it follows at the end of a state. */
  void encode(WireWriter out) {
    out.text(fault.words()).number(beganAgoMs).number(endedAgoMs);
  }

  static LastFault decode(WireReader in) {
    return new LastFault(new Fault(FaultKind.OTHER, in.text()), in.number(), in.number());
  }
}
