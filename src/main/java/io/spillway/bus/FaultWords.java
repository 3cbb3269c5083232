package io.spillway.bus;

import static java.util.Map.entry;

import java.util.List;
import java.util.Locale;
import java.util.Map.Entry;
import java.util.regex.Pattern;

/**
 * Guesses the kind of a fault from its words, for what a peer of version 0.1 tells, which does not
 * name it. Nothing else may ask here: words are for people, and change.
 */
final class FaultWords {
  /** The more telling first. */
  private static final List<Entry<FaultKind, Pattern>> WORDS =
      List.of(
          words(FaultKind.NOT_CONNECTED, "not connected"),
          words(FaultKind.STALLED, "none done for"),
          words(
              FaultKind.FORBIDDEN,
              "\\bauthori[sz]ed|needs the right|access refused|\\bacl\\b|permission"),
          words(FaultKind.CREDENTIALS, "credentials|token|password|unauthori[sz]ed|\\(1008\\)"),
          words(FaultKind.CLIENT_ID, "another client|identifier rejected"),
          words(FaultKind.FULL, "maxbytes .*reached"),
          words(FaultKind.DISK, "no space left|\\bdisk\\b|read-only"),
          words(FaultKind.TLS, "\\btls\\b|certificate"),
          words(FaultKind.UNKNOWN_HOST, "no address is known"),
          words(FaultKind.PROXY, "proxy or tunnel"),
          words(FaultKind.REFUSED, "connection refused"),
          words(FaultKind.STOPPING, "stopping"),
          words(FaultKind.CUT, "closed|cut without|connection (is )?lost|reset|broken pipe"),
          words(
              FaultKind.TIMEOUT,
              "nothing heard|no pong|no ac|no answer|timed? ?out|does not answer"));

  private FaultWords() {}

  private static Entry<FaultKind, Pattern> words(FaultKind kind, String pattern) {
    return entry(kind, Pattern.compile(pattern));
  }

  /** What is before the first semicolon counts first: behind it they say what to do. */
  static FaultKind kindOf(String words) {
    int at = words.indexOf("; ");
    FaultKind kind = search(at < 0 ? words : words.substring(0, at));
    return kind == FaultKind.OTHER ? search(words) : kind;
  }

  private static FaultKind search(String words) {
    String lower = words.toLowerCase(Locale.ROOT);
    for (Entry<FaultKind, Pattern> each : WORDS) {
      if (each.getValue().matcher(lower).find()) {
        return each.getKey();
      }
    }
    return FaultKind.OTHER;
  }
}
