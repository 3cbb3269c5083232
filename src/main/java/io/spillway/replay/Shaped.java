package io.spillway.replay;

/**
 * What became of a line.
 *
 * @param line what goes out; null if nothing does
 * @param why in words, where it should have gone out and cannot; else empty
 */
record Shaped(long number, Fate fate, Outgoing line, String why) {
  /** What becomes of lines. */
  enum Fate {
    SENT,
    /** It was not asked for. */
    NOT_CHOSEN,
    /** A part of a server has written it, which no client may say. */
    OF_SERVER,
    /** It should go out, and cannot. */
    UNFIT
  }

  static Shaped sent(Outgoing line) {
    return new Shaped(line.number(), Fate.SENT, line, "");
  }

  static Shaped left(long number, Fate fate) {
    return new Shaped(number, fate, null, "");
  }

  static Shaped unfit(long number, String why) {
    return new Shaped(number, Fate.UNFIT, null, why);
  }

  boolean isSent() {
    return fate == Fate.SENT;
  }
}
