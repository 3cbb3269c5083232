package io.spillway.hop;

import java.util.Locale;

/**
 * What was found at one hop.
 *
 * @param hop what was looked at, in a few words
 * @param words what was found, for a person; nothing in them is secret
 * @param cure what to do about it; empty where nothing is to be done
 */
public record HopFinding(String hop, Result result, String words, String cure) {
  private static final String CURE = "; ";

  /** How it is with a hop. */
  public enum Result {
    /** All is well. */
    OK,
    /** It works, and there is something to look at. */
    NOTICE,
    /** It does not work, or it loses messages. */
    FAILED,
    /** It was not looked at, or what was looked at does not tell. */
    SKIPPED;

    /** As it is called in JSON. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** All is well. */
  public static HopFinding ok(String hop, String words) {
    return new HopFinding(hop, Result.OK, words, "");
  }

  /** It works, and should be another way. */
  public static HopFinding notice(String hop, String words, String cure) {
    return new HopFinding(hop, Result.NOTICE, words, cure);
  }

  /** It does not work. */
  public static HopFinding failed(String hop, String words, String cure) {
    return new HopFinding(hop, Result.FAILED, words, cure);
  }

  /** It is not known. */
  public static HopFinding skipped(String hop, String words) {
    return new HopFinding(hop, Result.SKIPPED, words, "");
  }

  /** The same of a text for a log: behind its first semicolon it says what to do. */
  public static HopFinding told(String hop, Result result, String text) {
    int at = text.indexOf(CURE);
    return at < 0
        ? new HopFinding(hop, result, text, "")
        : new HopFinding(
            hop, result, text.substring(0, at), text.substring(at + CURE.length()).strip());
  }

  /** Whether what lies behind this hop can be looked at. */
  public boolean isPassable() {
    return result == Result.OK || result == Result.NOTICE;
  }
}
