package io.spillway.bus;

/**
 * The last thing that was wrong with a role, also after it is mended. Times are ages, so that a
 * machine whose clock is wrong tells them right.
 *
 * @param words what was wrong, and often what to do about it; empty if nothing ever was
 * @param beganAgoMs how long ago it began
 * @param endedAgoMs how long ago it ended; 0 while it lasts
 */
public record LastFault(String words, long beganAgoMs, long endedAgoMs) {
  /** Nothing has been wrong so far. */
  public static final LastFault NONE = new LastFault("", 0, 0);

  void encode(WireWriter out) {
    out.text(words).number(beganAgoMs).number(endedAgoMs);
  }

  static LastFault decode(WireReader in) {
    return new LastFault(in.text(), in.number(), in.number());
  }
}
