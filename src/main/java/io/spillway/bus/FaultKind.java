package io.spillway.bus;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The sorts of faults, by what their words have in them, the more telling first. A page has words
 * for each in other languages.
 */
public enum FaultKind {
  NOT_CONNECTED(
      "not connected",
      "Is the edge running, and does it reach this server? Its log says why: [uplink]."),
  STALLED("none done for", "Look at the log of its process; a restart does not lose anything."),
  FORBIDDEN(
      "\\bauthori[sz]ed|needs the right|access refused|\\bacl\\b|permission",
      "Give this user the right to it."),
  CREDENTIALS(
      "credentials|token|password|unauthori[sz]ed|\\(1008\\)",
      "Check user name, password or token on both sides."),
  CLIENT_ID("another client|identifier rejected", "Give each client an id of its own."),
  FULL(
      "maxbytes .*reached", "Free space, or raise edge.spool.maxBytes; nothing is lost meanwhile."),
  DISK("no space left|\\bdisk\\b|read-only", "Free space on the disk; it goes on by itself."),
  TLS("\\btls\\b|certificate", "Check the certificate and the authority that is trusted."),
  UNKNOWN_HOST("no address is known", "Check the name in the address, and the name server."),
  PROXY("proxy or tunnel", "Start the server behind the proxy, or the tunnel."),
  REFUSED("connection refused", "Start what should be listening there, or check the address."),
  STOPPING("stopping", "It connects again by itself when it is back."),
  CUT(
      "closed|cut without|connection (is )?lost|reset|broken pipe",
      "It connects again by itself. Is the other side running?"),
  TIMEOUT(
      "nothing heard|no pong|no ac|no answer|timed? ?out|does not answer",
      "Is the other side running, and the network between them up?"),
  OTHER("", "The log of its process says more.");

  private final Pattern words;
  private final String cure;

  FaultKind(String words, String cure) {
    this.words = Pattern.compile(words);
    this.cure = cure;
  }

  /** What helps with most of this sort. */
  public String cure() {
    return cure;
  }

  public static FaultKind of(String words) {
    String lower = words.toLowerCase(Locale.ROOT);
    for (FaultKind kind : values()) {
      if (kind.words.matcher(lower).find()) {
        return kind;
      }
    }
    return OTHER;
  }
}
